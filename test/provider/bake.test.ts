import { expect } from "chai";
import type { Alarm } from "../../provider/alarms.ts";
import { type BakeDeps, bake } from "../../provider/bake.ts";
import { failureOf } from "./support/failureOf.ts";
import { FakeClock } from "./support/fakeClock.ts";
import { promotionInputs } from "./support/promotionInputs.ts";

describe("bake", () => {
  const never = new AbortController().signal;
  let clock: FakeClock;
  let looks: number;
  let said: string[];
  let failing: (minutes: number) => number;

  beforeEach(() => {
    clock = new FakeClock();
    looks = 0;
    said = [];
    failing = () => 0;
  });

  function baked(
    state: (minutes: number) => Alarm["state"],
    {
      minutes = 10,
      names = ["errors", "latency"],
      figures = async () => [],
    }: { minutes?: number; names?: string[]; figures?: BakeDeps["figures"]["read"] } = {},
  ): Promise<void> {
    const start = clock.now();
    const read = async (asked: readonly string[]) => {
      looks += 1;
      const now = (clock.now() - start) / 60_000;
      return asked.map((name) => ({
        name,
        state: name === "errors" ? state(now) : ("OK" as const),
        reason: "threshold crossed: 12 > 5",
      }));
    };
    const { analysis } = promotionInputs().bake;
    const sides = { candidate: "group-b" };
    const times = { minutes, intervalSeconds: 30, baselineFrom: start };
    const deps: BakeDeps = {
      clock,
      alarms: { read },
      figures: { read: figures },
      report: (message) => said.push(message),
      measured: () => undefined,
      held: async () => undefined,
      failures: async () => ({
        failed: failing((clock.now() - start) / 60_000),
        limit: 3,
        reasons: "exit code 1",
      }),
    };
    return bake({ check: "bake", ...times, alarms: names, sides, analysis }, deps, never);
  }

  it("takes its whole time, and looks once more at its end", async () => {
    const start = clock.now();
    await baked(() => "OK");
    expect(clock.now() - start).to.equal(10 * 60_000);
    expect(looks).to.equal(21);
    expect(said[8]).to.contain("bake: 4 of 10 min, no alarm; 0 of the 100 requests");
  });

  it("ends with the first alarm that fires, and names its reason", async () => {
    const start = clock.now();
    const failure = await failureOf(baked((minutes) => (minutes >= 3.2 ? "ALARM" : "OK")));
    expect(failure).to.equal("bake: alarm errors fired: threshold crossed: 12 > 5");
    expect(clock.now() - start).to.equal(3.5 * 60_000);
  });

  it("sees an alarm that fires in the last second", async () => {
    expect(await failureOf(baked((minutes) => (minutes >= 10 ? "ALARM" : "OK")))).to.contain(
      "alarm errors fired",
    );
  });

  it("undoes a release whose tasks fail, though nothing is measured of it", async () => {
    failing = Math.floor;
    expect(await failureOf(baked(() => "INSUFFICIENT_DATA"))).to.equal(
      "bake: 3 tasks of the release have failed, 3 are too many: exit code 1",
    );
  });

  it("judges its end by what is known then, though that was read less than a minute before", async () => {
    const bad = [{ at: 0, requests: 1000, errors: 500, latency: {} }];
    const start = clock.now();
    // What comes out in the last half minute; readings drift, as each question takes a second.
    const figures = async () => {
      await clock.sleep(1, never);
      return clock.now() - start >= 9.5 * 60_000 ? bad : [];
    };
    expect(await failureOf(baked(() => "OK", { figures }))).to.contain("500 of 1,000 requests");
  });

  it("takes missing data for no objection, and says so", async () => {
    await baked(() => "INSUFFICIENT_DATA");
    expect(said[0]).to.contain("bake: 0 of 10 min, no alarm, 1 of 2 without data;");
  });

  it("does not trust an alarm that is not there", async () => {
    expect(await failureOf(baked(() => "MISSING"))).to.equal(
      "bake: alarm errors does not exist, so nothing watches the release",
    );
  });

  it("bears two failed looks in a row, and not a third", async () => {
    const failing = (from: number, to: number) => (minutes: number) => {
      if (minutes >= from && minutes < to) throw new Error("Rate exceeded");
      return "OK" as const;
    };
    await baked(failing(2, 3));
    expect(await failureOf(baked(failing(2, 3.5)))).to.equal(
      "bake: alarms, tasks and figures can't be read: Rate exceeded, 3 times",
    );
  });

  it("does not end well on a look that failed", async () => {
    const failure = await failureOf(
      baked((minutes) => {
        if (minutes >= 10) throw new Error("Rate exceeded");
        return "OK";
      }),
    );
    expect(failure).to.contain("can't be read");
  });

  it("waits without alarms too", async () => {
    const start = clock.now();
    await baked(() => "ALARM", { names: [] });
    expect(clock.now() - start).to.equal(10 * 60_000);
    expect(looks).to.equal(0);
  });

  it("looks once where it takes no time", async () => {
    await baked(() => "OK", { minutes: 0 });
    expect(looks).to.equal(1);
  });
});
