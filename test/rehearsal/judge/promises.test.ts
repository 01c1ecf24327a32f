import { expect } from "chai";
import type { OperatorReply } from "../../../rehearsal/operator/messages.ts";
import type { Outcome } from "../../../rehearsal/report.ts";
import {
  candidate,
  change,
  courses,
  goodError,
  judged,
  live,
  load,
  quietLoad,
  recorded,
  reply,
  response,
  scenes,
  timeOf,
} from "./support/scenes.ts";

const endedAt = timeOf(courses.shifted, courses.shifted.at(-1) ?? expect.fail());

describe("the judge's promises", () => {
  it("let no request fail, and give examples", () => {
    const failures = ["one", "two", "three", "four"].map((message) => ({
      at: 0,
      kind: "keepAlive",
      status: 0,
      release: null,
      message,
    }));
    const facts = scenes.unchanged({
      load: load(quietLoad().responses, { failed: 4, failures }),
    });
    expect(judged("unchanged", facts).broken).to.deep.equal([
      "no request lost: 4 of 200 requests failed, e.g. one; two; three",
    ]);
  });

  it("let no release answer 5xx", () => {
    const facts = scenes.unchanged({ load: load(quietLoad().responses, { defective: 2 }) });
    expect(judged("unchanged", facts).broken).to.deep.equal([
      "no defective answer: 2 of 200 answers were a release's own 5xx",
    ]);
  });

  it("want enough requests, and some at all", () => {
    const few = judged("unchanged", scenes.unchanged(), { minimumRequests: 201 });
    expect(few.broken).to.deep.equal(["enough requests: 200 requests were sent, 201 are needed"]);
    const none = judged("unchanged", scenes.unchanged({ load: null }));
    expect(none.broken).to.deep.equal(["enough requests: 0 requests were sent, 10 are needed"]);
  });

  it("want load all the time that a release is deployed beside a live one", () => {
    const facts = scenes.shifted();
    const responses = facts.load?.responses ?? [];
    // Stretches the deployment: 3 s more until its end, in which nothing is answered.
    const events = facts.events.map((event, index) => ({
      ...event,
      realAt: event.realAt + (index === facts.events.length - 1 ? 3000 : 0),
    }));
    const sent = [
      ...responses.filter(({ at }) => at < endedAt),
      response(endedAt + 4000, candidate),
    ];
    expect(judged("shifted", { ...facts, events, load: load(sent) }).broken).to.deep.equal([
      "enough requests: nothing was answered for 3.0 s while the release was deployed",
    ]);
  });

  it("want the new release to have answered something", () => {
    const facts = scenes.first({ load: load([]) });
    const { broken } = judged("shifted", facts, { startsFrom: "nothing", minimumRequests: 0 });
    expect(broken).to.deep.equal(["enough requests: the new release answered none"]);
  });

  it("want one release at rest once the deployment has ended", () => {
    const facts = scenes.shifted();
    facts.load?.responses.push(response(endedAt + 100, live), response(endedAt + 300, live));
    expect(judged("shifted", facts).broken).to.deep.equal([
      `one release at rest: 1 requests were answered by ${live} after the deployment had ended`,
    ]);
    const undone = scenes.rolledBack();
    undone.load?.responses.push(response(endedAt + 5000, candidate));
    expect(judged("rolledBack", undone).broken).to.deep.equal([
      `one release at rest: 1 requests were answered by ${candidate} after the deployment had ended`,
    ]);
  });

  it("let what was live answer until everything goes away", () => {
    const facts = scenes.rolledBack({ liveAfter: null });
    const { broken } = judged("rolledBack", facts);
    expect(broken.filter((text) => text.startsWith("one release at rest"))).to.deep.equal([]);
    facts.load?.responses.push(response(endedAt + 5000, candidate));
    expect(judged("rolledBack", facts).broken.join("\n")).to.include(
      `one release at rest: 1 requests were answered by ${candidate}`,
    );
  });

  it("want nothing left behind, in the world or in plain text", () => {
    const facts = scenes.destroyed({ leftovers: ["arn:vpc"], secretsFoundIn: ["the state"] });
    expect(judged("destroyed", facts).broken).to.deep.equal([
      "nothing left behind: arn:vpc",
      "no secret in plain text: the state",
    ]);
    expect(judged("destroyed", facts).leftovers).to.deep.equal(["arn:vpc"]);
  });

  describe("of the error", () => {
    const flawed: [string, Partial<OperatorReply>, string][] = [
      ["no release", { errors: ["update failed"] }, `no error names the release ${candidate}`],
      ["two messages", { errors: [goodError, goodError] }, "2 errors name the release, one should"],
      [
        "no check",
        { errors: [goodError.replace("scale-up: ", "")] },
        "does not name the failed check",
      ],
      [
        "no value",
        { errors: [goodError.replace(/\d tasks.*? 2;/, "tasks failed;")] },
        "gives no measured value",
      ],
      [
        "nothing that serves",
        { errors: [goodError.replace(/; live.*/, "")] },
        `what still serves, ${live}`,
      ],
      [
        "what was live, not what is",
        { errors: [goodError.replace("; live:", "; live before:")] },
        `what still serves, ${live}`,
      ],
    ];
    for (const [what, operation, text] of flawed) {
      it(`find the flaw: ${what}`, () => {
        const { broken } = judged(
          "held",
          scenes.held({ operation: reply({ ok: false, ...operation }) }),
        );
        expect(broken).to.have.length(1);
        expect(broken[0]).to.match(/^a clear error: /);
        expect(broken[0]).to.include(text);
      });
    }

    it("take no id, and no ARN, for a measured value", () => {
      const errors = [
        `platform: release ${candidate} did not go live: deployment: arn:aws:ecs:eu-central-1:123456789012:task/5 ended; live: release ${live}`,
      ];
      const { broken } = judged("held", scenes.held({ operation: reply({ ok: false, errors }) }));
      expect(broken.join()).to.include("gives no measured value");
    });

    it("want to be told that nothing serves, where nothing did", () => {
      const said = (lives: string) => ({
        liveBefore: null,
        liveAfter: null,
        operation: reply({ ok: false, errors: [goodError.replace(`release ${live}`, lives)] }),
        load: load([]),
      });
      const story = { startsFrom: "nothing" as const, minimumRequests: 0 };
      expect(judged("held", scenes.held(said("nothing")), story).broken).to.deep.equal([]);
      expect(judged("held", scenes.held(said("")), story).broken.join()).to.include(
        "what still serves",
      );
    });

    it("are not about a release that has to go live", () => {
      expect(judged("shifted", scenes.held()).broken.join()).not.to.include("a clear error");
    });

    it("want up to fail at all", () => {
      expect(judged("held", scenes.shifted()).broken).to.include("a clear error: up did not fail");
    });
  });

  describe("of the second preview", () => {
    const failing = reply({ ok: false, errors: ["no connection"] });
    const service = "aws:ecs/service:Service";
    const rightAfterFailure = [
      change("rollout:index:Promotion", "update"),
      change("aws:ecs/taskDefinition:TaskDefinition", "delete-replaced"),
      change("random:index/randomId:RandomId", "delete-replaced"),
    ];

    for (const outcome of ["held", "rolledBack"] as const) {
      it(`let the release and its promotion differ after ${outcome}`, () => {
        const secondPreview = reply({ changes: rightAfterFailure });
        expect(judged(outcome, scenes[outcome]({ secondPreview }))).to.deep.include({
          broken: [],
          secondPreviewChanges: 0,
        });
      });

      for (const wrong of [
        change(service, "update"),
        change(service, "replace"),
        change("aws:ecs/taskDefinition:TaskDefinition", "create-replacement"),
        change(service, "delete"),
        change("aws:lb/listenerRule:ListenerRule", "update"),
      ]) {
        it(`do not let ${wrong.op} ${wrong.type} be left after ${outcome}`, () => {
          const secondPreview = reply({ changes: [...rightAfterFailure, wrong] });
          const judgement = judged(outcome, scenes[outcome]({ secondPreview }));
          expect(judgement.secondPreviewChanges).to.equal(1);
          expect(judgement.broken.join()).to.include(`shows 1 changes: ${wrong.op} ${wrong.urn}`);
        });
      }
    }

    for (const outcome of ["shifted", "unchanged"] as const) {
      it(`let nothing differ after ${outcome}`, () => {
        const secondPreview = reply({ changes: rightAfterFailure.slice(0, 2) });
        const judgement = judged(outcome, scenes[outcome]({ secondPreview }));
        expect(judgement.secondPreviewChanges).to.equal(2);
        expect(judgement.broken.join()).to.include("a second preview shows 2 changes");
      });
    }

    const needed: Exclude<Outcome, "destroyed">[] = ["shifted", "held", "rolledBack", "unchanged"];
    for (const outcome of needed) {
      it(`want one after ${outcome}, and one that works`, () => {
        expect(judged(outcome, scenes[outcome]({ secondPreview: null }))).to.deep.include({
          broken: ["nothing left to change: nobody looked: there was no second preview"],
          secondPreviewChanges: null,
        });
        expect(judged(outcome, scenes[outcome]({ secondPreview: failing })).broken).to.deep.equal([
          "nothing left to change: a second preview failed: no connection",
        ]);
      });
    }
  });

  it("are judged of an invalid run as well, which is invalid all the same", () => {
    const facts = scenes.shifted({ events: recorded([]), proxyStallMs: 251 });
    const judgement = judged("shifted", facts);
    expect(judgement.broken).not.to.deep.equal([]);
    expect(judgement.valid).to.equal(false);
  });
});
