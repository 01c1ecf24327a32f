import { expect } from "chai";
import {
  candidate,
  change,
  courses,
  entered,
  failedReply,
  judged,
  live,
  recorded,
  reply,
  scenes,
} from "./support/scenes.ts";

const outcomes = ["shifted", "held", "rolledBack", "unchanged", "destroyed"] as const;

describe("the judge's outcomes", () => {
  for (const outcome of outcomes) {
    it(`finds nothing wrong with a story that ends ${outcome} as it must`, () => {
      expect(judged(outcome, scenes[outcome]())).to.deep.include({
        outcome,
        valid: true,
        broken: [],
      });
    });

    for (const expected of outcomes.filter((other) => other !== outcome)) {
      it(`breaks the promise of a story that has to end ${expected} and ends ${outcome}`, () => {
        const { broken } = judged(expected, scenes[outcome]());
        expect(broken.join("\n")).to.include(`outcome: expected ${expected}, was ${outcome}`);
      });
    }
  }

  it("finds nothing wrong with a first deployment", () => {
    const judgement = judged("shifted", scenes.first(), { startsFrom: "nothing" });
    expect(judgement).to.deep.include({ outcome: "shifted", broken: [] });
  });

  it("takes what is live for shifted when it is deployed again with another configuration", () => {
    const again = courses.shifted.map((event) =>
      event.kind === "deployment" ? { ...event, from: candidate } : event,
    );
    const scene = scenes.shifted({ liveBefore: candidate, events: recorded(again) });
    expect(judged("shifted", scene).outcome).to.equal("shifted");
  });

  it("takes a roll-back at the gate for held, though ECS writes the weights again", () => {
    const events = recorded(courses.heldAtTheGate);
    const { outcome, rollbackSeconds } = judged("held", scenes.held({ events }));
    expect(outcome).to.equal("held");
    expect(rollbackSeconds).to.equal(null);
  });

  it("takes a release that ECS has undone by itself for rolled back", () => {
    const events = recorded(
      courses.rolledBack.filter((event) => event.kind !== "verdict" || event.action !== "ROLLBACK"),
    );
    expect(judged("rolledBack", scenes.rolledBack({ events })).outcome).to.equal("rolledBack");
  });

  const none: [string, ReturnType<typeof judged>][] = [
    ["nothing that happened", judged("unchanged", scenes.unchanged({ operation: null }))],
    ["a shift without events", judged("shifted", scenes.shifted({ events: [] }))],
    ["a shift that serves the old one", judged("shifted", scenes.shifted({ liveAfter: live }))],
    ["a shift to what was live", judged("shifted", scenes.shifted({ liveBefore: candidate }))],
    [
      "a shift that is still going on",
      judged("shifted", scenes.shifted({ events: recorded(courses.shifted.slice(0, -1)) })),
    ],
    [
      "a failure whose deployment was finished",
      judged("rolledBack", scenes.shifted({ operation: failedReply, liveAfter: live })),
    ],
    [
      "a failure whose roll-back is going on",
      judged("held", scenes.held({ events: recorded(courses.heldInScaleUp.slice(0, -1)) })),
    ],
    ["a failure that took the service down", judged("held", scenes.held({ liveAfter: null }))],
    [
      "a failure before anything was deployed",
      judged("held", scenes.held({ events: [], operation: failedReply })),
    ],
    [
      "a change beside the release",
      judged(
        "unchanged",
        scenes.unchanged({ operation: reply({ changes: [change("aws:ec2/eip:Eip", "update")] }) }),
      ),
    ],
    [
      "a destroy that replaced",
      judged(
        "destroyed",
        scenes.destroyed({ operation: reply({ changes: [change("aws:ec2/eip:Eip", "create")] }) }),
      ),
    ],
    ["a destroy of nothing", judged("destroyed", scenes.destroyed({ operation: reply() }))],
    ["a destroy that failed", judged("destroyed", scenes.destroyed({ operation: failedReply }))],
    [
      "a destroy after which somebody answers",
      judged("destroyed", scenes.destroyed({ liveAfter: live })),
    ],
  ];
  for (const [what, judgement] of none) {
    it(`knows no outcome for ${what}`, () => {
      expect(judgement.outcome).to.equal(null);
      expect(judgement.broken.join("\n")).to.include(", was none of the known");
    });
  }

  it("lets no story begin from nothing that needs a live release", () => {
    const { broken } = judged("shifted", scenes.first(), { startsFrom: "live" });
    expect(broken).to.deep.equal(["outcome: nothing was live to begin from"]);
  });

  it("names what up said when the outcome is wrong", () => {
    const { broken, upFailed, error } = judged("shifted", scenes.held());
    expect(broken[0]).to.include("up said: platform: release bbbbbbbbbbbb did not go live");
    expect(upFailed).to.equal(true);
    expect(error).to.include("update failed");
  });

  it("judges the last deployment when there are several", () => {
    const earlier = recorded([entered("", "PENDING"), entered("", "SUCCESSFUL")]).map((event) => ({
      ...event,
      deployment: "arn:deployment/0",
      release: "cccccccccccc",
    }));
    const events = [...earlier, ...recorded(courses.shifted)];
    expect(judged("shifted", scenes.shifted({ events })).outcome).to.equal("shifted");
  });
});
