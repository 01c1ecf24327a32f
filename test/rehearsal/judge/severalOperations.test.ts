import { expect } from "chai";
import type { CloudEvent, Recorded } from "../../../rehearsal/cloud/journal.ts";
import type { Facts, Operation } from "../../../rehearsal/judge/facts.ts";
import {
  candidate,
  courses,
  failedReply,
  goodError,
  groupA,
  groupB,
  judged,
  live,
  load,
  operationOf,
  recorded,
  reply,
  response,
  scenes,
  weights,
} from "./support/scenes.ts";

const third = "cccccccccccc";

/** A course as that of another deployment. */
function as(course: CloudEvent[], deployment: string, release: string, from: string): CloudEvent[] {
  return course.map((event) => {
    if (event.kind === "deployment") return { ...event, deployment, release, from };
    if (event.kind === "verdict") return { ...event, deployment, release };
    return event.kind === "stopRequested" ? { ...event, deployment, release } : event;
  });
}

/** A roll-back of one release, then another one that goes live: the same groups take turns. */
const undone = courses.rolledBack;
const after = as(courses.shifted, "arn:deployment/2", third, live);
const events = recorded([...undone, ...after]);

function timeAt(index: number): number {
  return events[index]?.realAt ?? expect.fail(`there is no event ${index}`);
}

const secondBegins = timeAt(undone.length);
const end = timeAt(events.length - 1);

/** Index of the gate's verdict in each of the two courses. */
const gates = [undone, after].map((course, index) => {
  const at = course.findIndex((event) => event.kind === "verdict");
  return timeAt(at + (index === 0 ? 0 : undone.length));
});

const operations: Operation[] = [
  operationOf({ reply: failedReply }),
  operationOf({ firstEvent: undone.length, liveAfter: third }),
];

function story(overrides: Partial<Facts> = {}): Facts {
  const responses = Array.from({ length: 200 }, (_, index) => {
    const at = (events[0]?.realAt ?? 0) - 1000 + index * 50;
    return response(at, at > end ? third : live);
  });
  responses.push(response(end + 10, third));
  return scenes.shifted({
    events,
    liveAfter: third,
    operations,
    load: load(responses.toSorted((a, b) => a.at - b.at)),
    probes: gates.flatMap((gateAt, index) =>
      [3, 2, 1].map((before) => ({
        at: gateAt - before * 10,
        status: 200,
        release: index === 0 ? candidate : third,
      })),
    ),
    ...overrides,
  });
}

const expected = { earlier: ["rolledBack" as const] };

describe("the judge of a story with several operations", () => {
  it("keeps every promise where each ended as it must", () => {
    const { broken, outcome, operations: told } = judged("shifted", story(), expected);
    expect(broken).to.deep.equal([]);
    expect(outcome).to.equal("shifted");
    expect(told).to.deep.equal([
      {
        command: "up",
        interrupted: null,
        release: candidate,
        expected: "rolledBack",
        outcome: "rolledBack",
        liveBefore: live,
        liveAfter: live,
        error: failedReply.errors.join("\n"),
      },
      {
        command: "up",
        interrupted: null,
        release: third,
        expected: "shifted",
        outcome: "shifted",
        liveBefore: live,
        liveAfter: third,
        error: null,
      },
    ]);
  });

  it("names the operation that ended in another way", () => {
    const { broken } = judged("shifted", story(), { earlier: ["held"] });
    expect(broken).to.have.length(1);
    expect(broken[0]).to.match(
      /^outcome: operation 1 \(up\): expected held, was rolledBack; up said/,
    );
  });

  it("wants as many operations as the story tells of", () => {
    expect(judged("shifted", story()).broken).to.deep.equal([
      "outcome: 2 operations were seen, the story tells of 1",
    ]);
    const { broken } = judged("shifted", story(), { earlier: ["rolledBack", "held"] });
    expect(broken).to.deep.equal(["outcome: 2 operations were seen, the story tells of 3"]);
  });

  it("asks nothing of one that has not come to rest when the next one begins", () => {
    const unfinished = [
      operationOf({ reply: failedReply, interrupted: "killed", liveAfter: candidate }),
      operations[1] ?? expect.fail(),
    ];
    const facts = story({ operations: unfinished });
    expect(judged("shifted", facts, { earlier: [null] }).broken).to.deep.equal([]);
    expect(judged("shifted", facts, expected).broken).to.deep.equal([
      `outcome: operation 1 (up): expected rolledBack, was none of the known; up said: ${failedReply.errors.join(" | ")}`,
    ]);
  });

  it("lets no candidate of any deployment answer before its own gate", () => {
    const facts = story();
    facts.load?.responses.push(response(secondBegins + 100, third));
    const { requests, broken } = judged("shifted", facts, expected);
    expect(requests.toCandidateBeforeGate).to.equal(1);
    expect(broken[0]).to.match(/^gate: the candidate answered 1 requests/);
  });

  it("asks a release that is deployed again to pass its gate again", () => {
    const again = as(after, "arn:deployment/2", candidate, live);
    const facts = story({
      events: recorded([...undone, ...again]),
      liveAfter: candidate,
      operations: [
        operations[0] ?? expect.fail(),
        operationOf({ firstEvent: undone.length, liveAfter: candidate }),
      ],
    });
    const responses = (facts.load?.responses ?? []).map((it) =>
      it.release === third ? { ...it, release: candidate } : it,
    );
    const early = response(secondBegins + 100, candidate);
    const seen = { ...facts, load: load([...responses, early]) };
    expect(judged("shifted", seen, expected).requests.toCandidateBeforeGate).to.equal(1);
  });

  it("counts the healthy probes of each gate by itself", () => {
    const facts = story();
    facts.probes = facts.probes.filter(({ release }) => release === candidate);
    expect(judged("shifted", facts, expected).broken).to.deep.equal([
      "gate: opened after 0 healthy probes in a row, 3 are needed",
    ]);
  });

  it("lets only what is live answer between two deployments", () => {
    const pause = 1000;
    const apart = events.map((event, index) => ({
      ...event,
      realAt: event.realAt + (index < undone.length ? 0 : pause),
    }));
    const shifted = (at: number) => (at >= secondBegins ? at + pause : at);
    const facts = story({ events: apart });
    const probes = facts.probes.map((probe) => ({ ...probe, at: shifted(probe.at) }));
    const responses = (facts.load?.responses ?? []).map((it) => ({ ...it, at: shifted(it.at) }));
    const between = [400, 700].map((ms) => response(secondBegins - 100 + ms, live));
    const stranger = response(secondBegins - 100 + 500, candidate);
    const quiet = { ...facts, probes, load: load([...responses, ...between]) };
    expect(judged("shifted", quiet, expected).broken).to.deep.equal([]);
    const loud = { ...quiet, load: load([...responses, ...between, stranger]) };
    expect(judged("shifted", loud, expected).broken).to.deep.equal([
      `one release at rest: 1 requests were answered by ${candidate} after the deployment had ended`,
    ]);
  });

  it("takes no way back to what is live for a shift before the gate", () => {
    // B is superseded while it bakes: C's deployment puts the traffic back before it has a gate.
    const baking = courses.rolledBack.slice(0, -4);
    const stopped: CloudEvent = {
      ...(courses.shifted[0] as Extract<CloudEvent, { kind: "deployment" }>),
      status: "STOPPED",
      stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
    };
    const [begins, ...rest] = after;
    const superseded = [...baking, begins ?? expect.fail(), stopped, weights(100, 0), ...rest];
    const seen = recorded(superseded);
    const gateAt = seen.findLast((it) => it.kind === "verdict" && /TEST/.test(it.stage));
    const facts = story({
      events: seen,
      probes: [3, 2, 1].map((ms) => probeAt(gateAt, ms, third)).concat(gateProbes(seen, candidate)),
      operations: [
        operationOf({ reply: failedReply, interrupted: "killed", liveAfter: candidate }),
        operationOf({ firstEvent: baking.length, liveBefore: candidate, liveAfter: third }),
      ],
    });
    facts.probes.sort((a, b) => a.at - b.at);
    const { broken, outcome } = judged("shifted", facts, { earlier: [null] });
    expect(broken.filter((text) => text.startsWith("gate:"))).to.deep.equal([]);
    expect(outcome).to.equal("shifted");
  });

  it("follows the groups through a shift: what went live is what the next one replaces", () => {
    const back = as(
      courses.shifted.map((event) =>
        event.kind === "weights" ? { ...event, weights: { [groupA]: 0, [groupB]: 100 } } : event,
      ),
      "arn:deployment/2",
      third,
      candidate,
    );
    const seen = recorded([...courses.shifted, ...back]);
    const facts = story({
      events: seen,
      probes: [...gateProbes(seen, candidate), ...gateProbes(seen, third)],
      operations: [
        operationOf({ liveAfter: candidate }),
        operationOf({
          firstEvent: courses.shifted.length,
          liveBefore: candidate,
          liveAfter: third,
        }),
      ],
    });
    const { operations: told, broken } = judged("shifted", facts, { earlier: ["shifted"] });
    expect(told.map(({ outcome }) => outcome)).to.deep.equal(["shifted", "shifted"]);
    expect(broken.filter((text) => text.startsWith("gate:"))).to.deep.equal([]);
  });

  describe("that were interrupted", () => {
    const told = (interrupted: Operation["interrupted"], errors: string[]) =>
      judged(
        "rolledBack",
        scenes.rolledBack({
          operations: [operationOf({ interrupted, reply: reply({ ok: false, errors }) })],
        }),
      ).broken;

    it("asks who was killed for no error", () => {
      expect(told("killed", ["the operator's process ended"])).to.deep.equal([]);
      expect(told(null, ["the operator's process ended"])).to.have.length(1);
    });

    it("asks who could not reach the cloud for the release's name and the check", () => {
      const gone: CloudEvent = { kind: "fault", what: "the API is gone" };
      const said = (error: string) =>
        judged(
          "rolledBack",
          scenes.rolledBack({
            events: recorded([...undone, gone]),
            operations: [operationOf({ reply: reply({ ok: false, errors: [error] }) })],
          }),
        ).broken;
      const known = `platform: release ${candidate} did not go live: bake: nobody answers`;
      expect(said(`${known}; live: unknown`)).to.deep.equal([]);
      expect(said(known.replace("bake: ", ""))).to.have.length(1);
    });

    it("asks who was cancelled for the release's name alone", () => {
      const short = goodError.replace(/; live.*/, "");
      expect(told("cancelled", [short])).to.deep.equal([]);
      expect(told("cancelled", ["cancelled"])).to.have.length(1);
    });
  });

  it("tells what a story itself found, under the promise that it names", () => {
    const flaws = [
      { promised: "as told" as const, words: "history has 2 entries, 3 were made" },
      { promised: "a clear error" as const, words: "nobody is named" },
    ];
    expect(judged("shifted", story({ flaws }), expected).broken).to.deep.equal([
      "a clear error: nobody is named",
      "as told: history has 2 entries, 3 were made",
    ]);
  });
});

function probeAt(event: Recorded | undefined, before: number, release: string) {
  return { at: (event?.realAt ?? 0) - before * 10, status: 200, release };
}

function gateProbes(seen: Recorded[], release: string) {
  const gate = seen.find((event) => event.kind === "verdict" && event.release === release);
  return [3, 2, 1].map((before) => probeAt(gate, before, release));
}
