import { expect } from "chai";
import type { Run } from "../../rehearsal/report.ts";
import { readSoakOptions, soak, table } from "../../tools/soak.ts";
import { playedRun } from "../support/playedRun.ts";

const kept = { valid: true, broken: [] };
const broken = { valid: true, broken: ["gate: the candidate answered 1 requests"] };
const invalid = { valid: false, broken: [], invalidBecause: ["load went out 900 ms late"] };
const brokenAndInvalid = { ...invalid, broken: ["no request lost: 1 of 9"] };

/** Plays these runs, the last of them for ever. */
async function soaked(options: { runs: number; hogs: number }, ...runs: Partial<Run>[]) {
  let next = 0;
  const last = runs.at(-1) ?? kept;
  return soak(options, async (_beside, seed) => playedRun({ ...(runs[next++] ?? last), seed }));
}

describe("a soak", () => {
  it("plays a story so many times, the last ones beside hogs, each with a seed of its own", async () => {
    const { soaked: runs, exitCode } = await soaked({ runs: 5, hogs: 2 }, kept);
    expect(exitCode).to.equal(0);
    expect(runs.map(({ beside }) => beside)).to.deep.equal([false, false, false, true, true]);
    expect(runs.map(({ run: one }) => one.seed)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it("repeats invalid runs, and counts them", async () => {
    const { soaked: runs, exitCode } = await soaked(
      { runs: 2, hogs: 1 },
      invalid,
      kept,
      invalid,
      kept,
    );
    expect(exitCode).to.equal(0);
    expect(runs.map(({ run: one, beside }) => [one.seed, one.valid, beside])).to.deep.equal([
      [1, false, false],
      [1, true, false],
      [2, false, true],
      [2, true, true],
    ]);
    expect(table(runs).at(-1)).to.equal("2 of 2 valid runs kept every promise; 2 invalid");
  });

  it("gives up a machine that is too busy, and takes no invalid run for a pass", async () => {
    const { soaked: runs, exitCode } = await soaked({ runs: 2, hogs: 0 }, kept, invalid);
    expect(exitCode).to.equal(3);
    expect(runs).to.have.length(8);
  });

  it("fails for one broken promise in a valid run, and plays on", async () => {
    const { soaked: runs, exitCode } = await soaked({ runs: 3, hogs: 0 }, broken, kept);
    expect(exitCode).to.equal(1);
    expect(runs).to.have.length(3);
    expect(table(runs)[0]).to.include("BROKEN").and.to.include("gate: the candidate answered");
    expect(table(runs).at(-1)).to.equal("2 of 3 valid runs kept every promise; 0 invalid");
  });

  it("does not take a broken promise of an invalid run for one", async () => {
    const { soaked: runs, exitCode } = await soaked({ runs: 1, hogs: 0 }, brokenAndInvalid, kept);
    expect(exitCode).to.equal(0);
    expect(table(runs)[0]).to.include("invalid").and.to.include("load went out 900 ms late");
  });

  it("reads its options, and says what is wrong with them", () => {
    expect(readSoakOptions(["--story", "noChange"])).to.deep.equal({
      story: "noChange",
      runs: 10,
      hogs: 2,
    });
    const wrong: [string[], string][] = [
      [[], "the name of one story"],
      [["--story", "all"], "the name of one story"],
      [["--story", "none"], "there is no such story"],
      [["--story", "noChange", "--runs", "0"], "--runs 0: a whole number from 1"],
      [
        ["--story", "noChange", "--runs", "2", "--hogs", "3"],
        "--hogs 3: a whole number from 0 to 2",
      ],
    ];
    for (const [args, said] of wrong) expect(() => readSoakOptions(args)).to.throw(said);
  });
});
