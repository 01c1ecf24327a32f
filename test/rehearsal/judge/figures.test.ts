import { expect } from "chai";
import {
  candidate,
  courses,
  entered,
  groupA,
  groupB,
  judged,
  live,
  load,
  quietLoad,
  recorded,
  response,
  scenes,
  stopRequested,
  timeOf,
  verdict,
  weights,
} from "./support/scenes.ts";

const revertAt = timeOf(
  courses.rolledBack,
  courses.rolledBack.find((it) => it.kind === "verdict" && it.action === "ROLLBACK") ??
    expect.fail(),
);

describe("the judge's figures", () => {
  it("are in cloud seconds: from the first bad answer to the revert call, and from there to weight 0", () => {
    const facts = scenes.rolledBack();
    facts.load?.responses.push(
      response(revertAt - 500, candidate, 503),
      response(revertAt - 200, candidate, 503),
    );
    // 500 ms, and the two events until the weights are back: 100 ms each; 30 times that.
    expect(judged("rolledBack", facts)).to.deep.include({ detectSeconds: 15, rollbackSeconds: 6 });
  });

  it("count neither the live release's errors nor those after the revert call", () => {
    const facts = scenes.rolledBack();
    facts.load?.responses.push(
      response(revertAt - 100, live, 500),
      response(revertAt + 10, candidate, 500),
    );
    expect(judged("rolledBack", facts).detectSeconds).to.equal(null);
  });

  for (const outcome of ["shifted", "held", "unchanged", "destroyed"] as const) {
    it(`are null where nothing was undone: ${outcome}`, () => {
      expect(judged(outcome, scenes[outcome]())).to.deep.include({
        detectSeconds: null,
        rollbackSeconds: null,
      });
    });
  }

  it("are those of the load generator", () => {
    const report = load(quietLoad().responses, { failed: 1, defective: 2, slow: 3 });
    expect(judged("unchanged", scenes.unchanged({ load: report })).requests).to.deep.equal({
      total: 200,
      failed: 1,
      defective: 2,
      slow: 3,
      toCandidateBeforeGate: 0,
    });
  });
});

describe("the judge's validity", () => {
  const late = (lateMs: number) => load(quietLoad().responses, { lateMs });

  it("ends where load goes out more than 250 ms late", () => {
    expect(judged("unchanged", scenes.unchanged({ load: late(250) })).valid).to.equal(true);
    const { valid, invalidBecause } = judged("unchanged", scenes.unchanged({ load: late(251) }));
    expect(valid).to.equal(false);
    expect(invalidBecause).to.deep.equal(["load went out 251 ms late (limit 250 ms)"]);
  });

  it("ends where the load balancer stands still for more than 250 ms", () => {
    expect(judged("unchanged", scenes.unchanged({ proxyStallMs: 250 })).valid).to.equal(true);
    const { valid, invalidBecause } = judged("unchanged", scenes.unchanged({ proxyStallMs: 300 }));
    expect(valid).to.equal(false);
    expect(invalidBecause[0]).to.include("stood still for 300 ms");
  });
});

describe("the judge's ordered events", () => {
  const eventsOf = (facts: ReturnType<typeof scenes.shifted>) => judged("shifted", facts).events;

  it("say what the cloud did, in order and once", () => {
    const events = recorded([
      entered("SCALE_UP"),
      entered("SCALE_UP"),
      weights(0, 100, "test"),
      verdict("CONTINUE", "POST_TEST_TRAFFIC_SHIFT"),
      weights(0, 100),
      stopRequested,
      entered("", "ROLLBACK_SUCCESSFUL"),
    ]);
    expect(eventsOf(scenes.shifted({ events }))).to.deep.equal([
      "platform: IN_PROGRESS SCALE_UP",
      "test weights 100/0",
      "platform: CONTINUE at POST_TEST_TRAFFIC_SHIFT by api",
      "production weights 100/0",
      "platform: roll-back requested",
      "platform: ROLLBACK_SUCCESSFUL",
    ]);
  });

  it("do not depend on what real processes and machines are in time for", () => {
    const plain = scenes.shifted();
    const tasks = { task: "t", service: "platform", release: candidate };
    const noisy = recorded(
      courses.shifted.flatMap((event) => [
        event,
        { kind: "task" as const, ...tasks, status: "RUNNING" as const, reason: "" },
        { kind: "taskHealth" as const, ...tasks, health: "HEALTHY" as const },
        { kind: "instance" as const, instance: "i-1", status: "active" as const },
        { kind: "alarm" as const, alarm: "errors", state: "ALARM" as const, reason: "" },
        { kind: "target" as const, targetGroup: "a", target: "t", state: "healthy" as const },
      ]),
    );
    expect(eventsOf(scenes.shifted({ events: noisy }))).to.deep.equal(eventsOf(plain));
  });

  it("do not depend on the order in which rules are made, or a rule's groups are listed", () => {
    const made = [weights(100, 0), weights(100, 0, "test")];
    const either = [made, made.toReversed()].map((rules) =>
      eventsOf(scenes.shifted({ events: recorded([...rules, ...courses.shifted]) })),
    );
    expect(either[0]).to.deep.equal(either[1]);
    const move = { ...weights(0, 100), weights: { [groupA]: 100, [groupB]: 0 } };
    const other = { ...move, weights: { [groupB]: 0, [groupA]: 100 } };
    expect(eventsOf(scenes.shifted({ events: recorded([entered(""), move]) }))).to.deep.equal(
      eventsOf(scenes.shifted({ events: recorded([entered(""), other]) })),
    );
  });

  it("are none where nothing was deployed", () => {
    expect(judged("unchanged", scenes.unchanged()).events).to.deep.equal([]);
  });
});
