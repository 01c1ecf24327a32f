import { expect } from "chai";
import type { Alarm } from "../../provider/alarms.ts";
import { type GateDeps, judgeProbe, passGate } from "../../provider/gate.ts";
import type { ProbeAnswer } from "../../provider/probe.ts";
import { failureOf } from "./support/failureOf.ts";
import { FakeClock } from "./support/fakeClock.ts";
import { promotionInputs } from "./support/promotionInputs.ts";

const healthy = { status: 200, release: "aaaa", healthPercentage: 100 };

describe("passGate", () => {
  const { gate } = promotionInputs("aaaa");
  const never = new AbortController().signal;
  let clock: FakeClock;
  let probes: number;
  let said: string[];
  let hold: (minutes: number) => string | undefined;
  let failed: (probes: number) => number;

  beforeEach(() => {
    clock = new FakeClock();
    probes = 0;
    said = [];
    hold = () => undefined;
    failed = () => 0;
  });

  function pass(
    answer: (probe: number) => ProbeAnswer,
    alarm: (minutes: number) => Omit<Alarm, "name"> = () => ({ state: "OK", reason: "" }),
    signal = never,
    settings = gate,
  ): Promise<void> {
    const start = clock.now();
    const deps: GateDeps = {
      clock,
      probe: async () => answer(probes++),
      alarms: {
        read: async (names) =>
          names.map((name) => ({ name, ...alarm((clock.now() - start) / 60_000) })),
      },
      report: (message) => said.push(message),
      announce: (message) => said.push(message),
      held: async () => hold((clock.now() - start) / 60_000),
      failures: async () => ({ failed: failed(probes), limit: 3, reasons: "exit code 1" }),
    };
    return passGate({ gate: settings, release: "aaaa", alarmNames: ["errors"] }, deps, signal);
  }

  it("passes after enough healthy answers in a row, an interval apart", async () => {
    const start = clock.now();
    await pass(() => healthy);
    expect(probes).to.equal(3);
    expect(clock.now() - start).to.equal(10_000);
    expect(said.at(-1)).to.equal("gate: 3 of 3: health 100 %");
  });

  it("counts from the start when a task fails between two healthy answers, and asks longer then", async () => {
    failed = (answered) => (answered < 3 ? 0 : 1);
    await pass(() => healthy);
    expect(probes).to.equal(12);
    expect(said).to.include(
      "gate: 0 of 9: healthy, but 1 task of the release has failed: exit code 1",
    );
  });

  it("asks a release three times as long of which tasks had failed before it could be asked", async () => {
    const start = clock.now();
    failed = () => 2;
    await pass(() => healthy);
    expect(probes).to.equal(9);
    expect(clock.now() - start).to.equal(40_000);
    expect(said.at(-1)).to.equal("gate: 9 of 9: health 100 %");
  });

  it("does not let a crash loop through that is healthy for longer than the gate takes", async () => {
    // It has crashed once before anybody could ask, and lives for six answers each time.
    failed = (answered) => 1 + Math.floor(answered / 6);
    expect(await failureOf(pass(() => healthy))).to.contain("3 tasks of the release have failed");
    expect(probes).to.be.lessThan(13);
  });

  it("says at its deadline why it asked for so long", async () => {
    failed = () => 1;
    const failure = await failureOf(
      pass(() => healthy, undefined, never, { ...gate, consecutivePasses: 30 }),
    );
    expect(failure).to.equal(
      "gate: healthy, but 1 task of the release has failed: exit code 1, 90 times in a row (5 min deadline)",
    );
  });

  it("gives a release up whose tasks fail again and again, however healthy its answers", async () => {
    failed = (answered) => answered;
    expect(await failureOf(pass(() => healthy))).to.equal(
      "gate: 3 tasks of the release have failed, 3 are too many: exit code 1",
    );
  });

  it("stays closed for as long as somebody holds it, whatever its deadline", async () => {
    const start = clock.now();
    hold = (minutes) => (minutes < 8 ? "held by ada" : undefined);
    await pass(() => healthy);
    expect(clock.now() - start).to.equal(8 * 60_000);
    expect(said).to.include("gate: passed, held by ada");
  });

  it("wants a held release to stay healthy, and to be healthy when it is let go", async () => {
    hold = (minutes) => (minutes < 2 ? "held by ada" : undefined);
    const failure = await failureOf(
      pass((probe) => (probe > 20 ? { ...healthy, healthPercentage: 60 } : healthy)),
    );
    expect(failure).to.contain("gate: health_percentage was 60, needs 80");
  });

  it("counts from the start after a failed answer", async () => {
    await pass((probe) => (probe === 2 ? { ...healthy, healthPercentage: 79 } : healthy));
    expect(probes).to.equal(6);
  });

  it("does not let a flapping release through", async () => {
    const flapping = (probe: number) => ({ ...healthy, healthPercentage: probe % 3 ? 100 : 60 });
    expect(await failureOf(pass(flapping))).to.equal(
      "gate: health_percentage was 60, needs 80, 3 times in a row (5 min deadline)",
    );
  });

  it("closes at its deadline and not before", async () => {
    const start = clock.now();
    await failureOf(pass(() => ({ error: "connect ECONNREFUSED" })));
    expect(clock.now() - start).to.equal(5 * 60_000);
  });

  it("names the last failure, not a pass after it", async () => {
    const late = (probe: number) => (probe < 59 ? { error: "no answer within 5 s" } : healthy);
    expect(await failureOf(pass(late))).to.equal(
      "gate: no answer within 5 s, 3 times in a row (5 min deadline)",
    );
  });

  it("takes readiness for the answers of a service that lets nobody here in, and says so", async () => {
    failed = (answered) => answered;
    const deps: GateDeps = {
      clock,
      probe: async () => {
        throw new Error("nobody may ask");
      },
      alarms: { read: async () => [] },
      report: (message) => said.push(message),
      announce: (message) => said.push(message),
      held: async () => undefined,
      failures: async () => ({ failed: failed(0), limit: 1, reasons: "" }),
    };
    const closed = { ...gate, audience: "https://platform.test" };
    const args = { gate: closed, release: "aaaa", alarmNames: [] };
    await passGate(args, deps, never);
    expect(said[0]).to.equal(
      "this cloud gives no identity tokens; so the gate takes the release's readiness for its answers",
    );
    expect(said.at(-1)).to.equal("gate: 3 of 3: ready");
    failed = () => 1;
    expect(await failureOf(passGate(args, deps, never))).to.contain("are too many");
  });

  it("waits for an alarm that fires already to get quiet", async () => {
    await pass(
      () => healthy,
      (minutes) => ({ state: minutes < 2 ? "ALARM" : "OK", reason: "12 > 5" }),
    );
    expect(probes).to.equal(25);
    expect(said.join("\n")).to.contain("alarm errors fired: 12 > 5");
  });

  it("stays closed while an alarm fires that could not accuse the release", async () => {
    const failure = await failureOf(
      pass(
        () => healthy,
        () => ({ state: "ALARM", reason: "12 > 5" }),
      ),
    );
    expect(failure).to.equal(
      "gate: healthy, but before the release got any traffic alarm errors fired: 12 > 5 (5 min deadline)",
    );
  });

  it("stays closed without the alarm that should watch the bake", async () => {
    const failure = await failureOf(
      pass(
        () => healthy,
        () => ({ state: "MISSING", reason: "" }),
      ),
    );
    expect(failure).to.contain("alarm errors does not exist");
  });

  it("stays closed while the alarms can't be read", async () => {
    const failure = await failureOf(
      pass(
        () => healthy,
        () => {
          throw new Error("Rate exceeded");
        },
      ),
    );
    expect(failure).to.contain("the alarms could not be read: Rate exceeded");
  });

  it("ends at once when it is called off", async () => {
    const abort = new AbortController();
    const passing = pass(
      (probe) => {
        if (probe === 1) abort.abort(new Error("called off"));
        return { error: "refused" };
      },
      undefined,
      abort.signal,
    );
    expect(await failureOf(passing)).to.equal("called off");
    expect(probes).to.equal(2);
  });
});

describe("judgeProbe", () => {
  const needed = { release: "aaaa", thresholdPercent: 80 };

  it("takes a healthy answer of the candidate, at the threshold too", () => {
    expect(judgeProbe(healthy, needed)).to.equal(undefined);
    expect(judgeProbe({ ...healthy, healthPercentage: 80 }, needed)).to.equal(undefined);
  });

  for (const [what, change, objection] of [
    ["below the threshold", { healthPercentage: 79 }, "health_percentage was 79, needs 80"],
    [
      "below the threshold, as the platform says it",
      { status: 503, healthPercentage: 60 },
      "health_percentage was 60, needs 80",
    ],
    ["of another release", { release: "bbbb" }, "HTTP 200 came from release bbbb"],
    ["of nobody", { release: undefined }, "HTTP 200 without a release id, so not by the candidate"],
    [
      "without a health",
      { status: 404, healthPercentage: undefined },
      "HTTP 404 without a health_percentage",
    ],
    ["with an error", { status: 500 }, "HTTP 500 at health_percentage 100"],
    ["that never came", { status: undefined, error: "refused" }, "refused"],
  ] as const) {
    it(`refuses an answer ${what}`, () => {
      expect(judgeProbe({ ...healthy, ...change }, needed)).to.equal(objection);
    });
  }
});
