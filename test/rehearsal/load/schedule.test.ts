import { expect } from "chai";
import { type Arrival, defaultMix, schedule } from "../../../rehearsal/load/schedule.ts";

function take(count: number, seed: number, requestsPerSecond = 300): Arrival[] {
  const arrivals = schedule({ seed, requestsPerSecond, mix: defaultMix });
  return Array.from({ length: count }, () => arrivals.next().value);
}

describe("schedule", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(take(1000, 7)).to.eql(take(1000, 7));
    expect(take(1000, 7)).not.to.eql(take(1000, 8));
  });

  it("keeps the rate and comes in bursts", () => {
    const arrivals = take(30_000, 1);
    expect(arrivals.at(-1)?.dueMs).to.be.within(97_000, 103_000);
    const gaps = arrivals.slice(1).map(({ dueMs }, index) => dueMs - (arrivals[index]?.dueMs ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    // Of exponential gaps the standard deviation equals the mean.
    expect(Math.sqrt(variance) / mean).to.be.within(0.95, 1.05);
  });

  it("mixes the kinds by their shares", () => {
    const arrivals = take(20_000, 1);
    const share = (kind: string) => arrivals.filter((one) => one.kind === kind).length / 200;
    expect(share("long")).to.be.within(1.7, 2.3);
    expect(share("fresh")).to.be.within(15, 17);
    expect(share("upload")).to.be.within(11, 13);
  });
});
