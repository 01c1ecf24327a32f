import { expect } from "chai";
import { untilValid } from "../../rehearsal/untilValid.ts";
import { playedRun } from "../support/playedRun.ts";

/** Plays what is valid at these attempts, and tells how often that was. */
async function attempts(again: number, ...valid: boolean[]): Promise<number[]> {
  const seen: number[] = [];
  const last = await untilValid(again, async (attempt) => {
    seen.push(attempt);
    return [playedRun({ attempt, valid: valid[attempt - 1] ?? false })];
  });
  expect(last.map(({ attempt }) => attempt)).to.deep.equal(seen.slice(-1));
  return seen;
}

describe("playing until a run is valid", () => {
  it("plays what is valid once, kept or broken", async () => {
    expect(await attempts(2, true)).to.deep.equal([1]);
    const broken = playedRun({ broken: ["gate: it was open"] });
    let played = 0;
    await untilValid(2, async () => {
      played += 1;
      return [broken];
    });
    expect(played).to.equal(1);
  });

  it("repeats what is invalid, until it is not", async () => {
    expect(await attempts(2, false, true)).to.deep.equal([1, 2]);
    expect(await attempts(2, false, false, true)).to.deep.equal([1, 2, 3]);
  });

  it("gives up after so many repetitions", async () => {
    expect(await attempts(2)).to.deep.equal([1, 2, 3]);
    expect(await attempts(0)).to.deep.equal([1]);
  });
});
