import { expect } from "chai";
import type { CloudEvent } from "../../../rehearsal/cloud/journal.ts";
import type { Probe } from "../../../rehearsal/judge/facts.ts";
import {
  bounds,
  candidate,
  courses,
  entered,
  gatePassed,
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

const gateAt = timeOf(courses.shifted, gatePassed);

function broken(expected: "shifted" | "held", facts: ReturnType<typeof scenes.shifted>): string[] {
  return judged(expected, facts).broken;
}

describe("the judge's gate", () => {
  it("counts what the candidate answered before its gate", () => {
    const facts = scenes.shifted();
    facts.load?.responses.push(
      response(gateAt - 1, candidate),
      response(gateAt - 2, candidate, 500),
      response(gateAt, candidate),
    );
    const judgement = judged("shifted", facts);
    expect(judgement.requests.toCandidateBeforeGate).to.equal(2);
    expect(judgement.broken).to.deep.equal([
      "gate: the candidate answered 2 requests before the gate opened",
    ]);
  });

  it("counts all that the candidate answered when the gate never opened", () => {
    const facts = scenes.held();
    facts.load?.responses.push(response(gateAt + 60_000, candidate));
    const { requests, broken: texts } = judged("held", facts);
    expect(requests.toCandidateBeforeGate).to.equal(1);
    expect(texts[0]).to.equal("gate: the candidate answered 1 requests and the gate never opened");
  });

  it("counts the answers of a release that nobody has deployed", () => {
    const facts = scenes.unchanged();
    facts.load?.responses.push(response(gateAt, "cccccccccccc"));
    expect(judged("unchanged", facts).requests.toCandidateBeforeGate).to.equal(1);
  });

  it("counts nothing against what was live before, redeployed or not", () => {
    const events = recorded(courses.shifted).map((event) =>
      "release" in event ? { ...event, release: live } : event,
    );
    const facts = scenes.unchanged({ events });
    expect(judged("unchanged", facts).requests.toCandidateBeforeGate).to.equal(0);
  });

  it("asks for no gate where somebody deploys by hand", () => {
    const byHand: CloudEvent = { kind: "fault", what: "somebody deploys symphainy-ec2-platform:1" };
    const gateless = (events: CloudEvent[]) =>
      broken("shifted", scenes.shifted({ events: recorded(events), probes: [] })).join("\n");
    expect(gateless(courses.shifted)).to.include("opened after 0 healthy probes");
    expect(gateless([byHand, ...courses.shifted])).to.not.include("opened after");
    expect(gateless([...courses.shifted, byHand])).to.include("opened after");
  });

  it("takes no pause that timed out for a gate", () => {
    const timedOut = verdict("CONTINUE", "POST_TEST_TRAFFIC_SHIFT", "timeout");
    const events = replaced(gatePassed, timedOut);
    const texts = broken("shifted", scenes.shifted({ events: recorded(events) })).join("\n");
    expect(texts).to.include("the candidate answered");
    expect(texts).to.include("gate: production weights moved 1 times and the gate never opened");
    expect(texts).to.include("the pause at POST_TEST_TRAFFIC_SHIFT timed out");
  });

  it("wants an answer to the bake's pause, too", () => {
    const events = courses.shifted.map((event) =>
      event.kind === "verdict" && event !== gatePassed
        ? { ...event, by: "timeout" as const }
        : event,
    );
    expect(broken("shifted", scenes.shifted({ events: recorded(events) }))).to.deep.equal([
      "gate: the pause at POST_PRODUCTION_TRAFFIC_SHIFT timed out, and the deployment went on",
    ]);
  });

  it("takes no verdict on another stage, or on another release, for a gate", () => {
    const other = verdict("CONTINUE", "POST_PRODUCTION_TRAFFIC_SHIFT");
    const foreign = { ...gatePassed, deployment: "arn:deployment/0", release: "cccccccccccc" };
    for (const instead of [other, foreign]) {
      const events = recorded(replaced(gatePassed, instead));
      const texts = broken("shifted", scenes.shifted({ events })).join("\n");
      expect(texts).to.include("and the gate never opened");
    }
  });

  it("lets no production weight move before the gate, be it in the same millisecond", () => {
    const move = weights(90, 10);
    const events = recorded(
      courses.shifted.flatMap((it) => (it === gatePassed ? [move, it] : [it])),
    );
    const at = events.find(({ kind }) => kind === "verdict")?.realAt ?? 0;
    const facts = scenes.shifted({
      events: events.map((it) => ({ ...it, realAt: Math.min(it.realAt, at) })),
    });
    expect(broken("shifted", facts).join("\n")).to.include(
      "gate: production weights moved 1 times before the gate opened",
    );
  });

  it("lets nobody move production weights without a deployment", () => {
    const facts = scenes.unchanged({ events: recorded([weights(0, 100)]) });
    expect(judged("unchanged", facts).broken).to.deep.equal([
      "gate: production weights moved 1 times and the gate never opened",
    ]);
  });

  it("does not mind the weights that a rule is made with", () => {
    expect(judged("shifted", scenes.first(), { startsFrom: "nothing" }).broken).to.deep.equal([]);
  });

  describe("probes", () => {
    const healthy = (before: number): Probe => ({
      at: gateAt - before,
      status: 200,
      release: candidate,
    });
    const tooFew: [string, Probe[], number][] = [
      ["none at all", [], 0],
      ["two", [healthy(20), healthy(10)], 2],
      [
        "three with a sick one between",
        [healthy(40), { ...healthy(30), status: 503 }, healthy(20), healthy(10)],
        2,
      ],
      [
        "three with another release's between",
        [healthy(40), { ...healthy(30), release: live }, healthy(20), healthy(10)],
        2,
      ],
      [
        "three of another release",
        [30, 20, 10].map((it) => ({ ...healthy(it), release: live })),
        0,
      ],
      ["three without a release", [30, 20, 10].map((it) => ({ ...healthy(it), release: null })), 0],
      ["the third too late", [healthy(20), healthy(10), healthy(-1)], 2],
      [
        "three of which the last was sick",
        [healthy(40), healthy(30), healthy(20), { ...healthy(10), status: 500 }],
        0,
      ],
    ];
    for (const [what, probes, passes] of tooFew) {
      it(`are not enough: ${what}`, () => {
        expect(broken("shifted", scenes.shifted({ probes }))).to.deep.equal([
          `gate: opened after ${passes} healthy probes in a row, 3 are needed`,
        ]);
      });
    }

    it("are not asked of a gate that never opened", () => {
      expect(broken("held", scenes.held({ probes: [] }))).to.deep.equal([]);
    });

    it("have to be asked for by the stack's settings", () => {
      expect(broken("shifted", scenes.shifted({ consecutivePasses: 0 }))).to.deep.equal([
        "gate: the stack's settings ask for no healthy probe",
      ]);
    });
  });

  it("does not believe answers that name no release", () => {
    const responses = [
      ...quietLoad().responses,
      response(gateAt, null),
      response(gateAt, null, 302),
    ];
    expect(judged("unchanged", scenes.unchanged({ load: load(responses) })).broken).to.deep.equal([
      "answers name their release: 2 answers named no release",
    ]);
  });

  describe("where there is none, as in a ROLLING deployment", () => {
    const rolling = (healthy: number): CloudEvent => ({
      kind: "rolling",
      deployment: "arn:deployment/1",
      service: "platform",
      release: candidate,
      healthy,
      desired: 2,
      old: 2 - healthy,
    });
    const healthy: CloudEvent = {
      kind: "target",
      targetGroup: "platform-a-1",
      target: "10.0.0.1:8000",
      state: "healthy",
    };
    const ungated = { bounds: { ...bounds, gated: false }, consecutivePasses: 0, probes: [] };
    const begins = [entered("", "PENDING"), entered("")];

    it("lets a release answer as soon as one of its targets is healthy", () => {
      const events = recorded([
        ...begins,
        healthy,
        rolling(1),
        rolling(2),
        entered("", "SUCCESSFUL"),
      ]);
      const healthyAt = timeOf([...begins, healthy], healthy);
      const facts = scenes.shifted({ ...ungated, events });
      const quiet = (facts.load?.responses ?? []).map((it) => ({ ...it, release: live }));
      const before = response(healthyAt - 300, candidate);
      const after = response(healthyAt + 10, candidate);
      const kept = { ...facts, load: load([...quiet.filter(({ at }) => at < healthyAt), after]) };
      expect(judged("shifted", kept).requests.toCandidateBeforeGate).to.equal(0);
      expect(judged("shifted", kept).outcome).to.equal("shifted");
      const broke = { ...kept, load: load([...(kept.load?.responses ?? []), before]) };
      expect(judged("shifted", broke).requests.toCandidateBeforeGate).to.equal(1);
    });

    it("takes a release for rolled back when it had healthy tasks, else for held", () => {
      const undone = [stopRequested, entered("", "ROLLBACK_SUCCESSFUL")];
      const some = recorded([...begins, healthy, rolling(1), ...undone]);
      const none = recorded([...begins, ...undone, healthy]);
      const outcomeAfter = (events: ReturnType<typeof recorded>) =>
        judged("held", scenes.held({ ...ungated, events })).outcome;
      expect(outcomeAfter(some)).to.equal("rolledBack");
      expect(outcomeAfter(none)).to.equal("held");
    });
  });
});

function replaced(event: CloudEvent, instead: CloudEvent): CloudEvent[] {
  return courses.shifted.map((it) => (it === event ? instead : it));
}
