import { expect } from "chai";
import type { CloudEvent, Recorded } from "../../../rehearsal/cloud/journal.ts";
import type { Facts } from "../../../rehearsal/judge/facts.ts";
import { serviceViews } from "../../../rehearsal/judge/serviceViews.ts";
import type { LoadResponse } from "../../../rehearsal/load/loadReport.ts";
import {
  courses,
  judged,
  load,
  operationOf,
  recorded,
  response,
  scenes,
} from "./support/scenes.ts";

/** By service: what was live, and what is released. */
const releases = {
  platform: ["aaaaaaaaaaaa", "bbbbbbbbbbbb"],
  insurance: ["cccccccccccc", "dddddddddddd"],
} as const;
type Service = keyof typeof releases;
const names = ["platform", "insurance"] as const;

/** The course of a release that goes live, as that of one of the services. */
function course(service: Service): CloudEvent[] {
  const [from, release] = releases[service];
  const own = {
    deployment: `arn:deployment/${service}`,
    service: `${service}-0123456`,
    release,
  };
  return courses.shifted.map((event): CloudEvent => {
    if (event.kind === "deployment") return { ...event, ...own, from };
    if (event.kind === "verdict") return { ...event, ...own };
    if (event.kind !== "weights") return event;
    const [live = 0, candidate = 0] = Object.values(event.weights);
    return {
      ...event,
      weights: { [`${service}-a-0123456`]: live, [`${service}-b-0123456`]: candidate },
    };
  });
}

const { length } = courses.shifted;
const events = recorded(names.flatMap(course));
const place = { platform: 0, insurance: length };
const eventOf = (service: Service, is: (event: Recorded) => boolean) =>
  events.slice(place[service]).find(is) ?? expect.fail("there is no such event");
const gateOf = (service: Service) => eventOf(service, ({ kind }) => kind === "verdict").realAt;
const shiftOf = (service: Service) =>
  eventOf(service, (it) => it.kind === "weights" && it.traffic === "production").realAt;
const endOf = (service: Service) =>
  eventOf(service, (it) => it.kind === "deployment" && it.status === "SUCCESSFUL").realAt;

const releaseAt = (service: Service, at: number) =>
  releases[service][at >= shiftOf(service) ? 1 : 0];

/** A request to one service, which calls the other one for it. */
function call(at: number, service: Service, answeredBy?: string): LoadResponse {
  const other = service === "platform" ? "insurance" : "platform";
  return {
    ...response(at, releaseAt(service, at)),
    kind: "call",
    service,
    called: { service: other, release: answeredBy ?? releaseAt(other, at) },
  };
}

/** Each service is asked, and calls the other one, from before the first event to after the last one. */
const steady = Array.from({ length: 120 }, (_, index) => {
  const at = (events[0]?.realAt ?? 0) - 1000 + index * 50;
  return names.flatMap((service) => [
    { ...response(at, releaseAt(service, at)), service },
    call(at + 1, service),
  ]);
}).flat();

function story(changes: Partial<Facts> = {}, more: LoadResponse[] = []): Facts {
  const [platform, insurance] = names.map((name) => releases[name]);
  const lives = (ofPlatform: 0 | 1, ofInsurance: 0 | 1) => ({
    platform: platform?.[ofPlatform] ?? null,
    insurance: insurance?.[ofInsurance] ?? null,
  });
  return scenes.shifted({
    events,
    services: names.map((name) => ({
      name,
      isCalled: true,
      liveBefore: releases[name][0],
      liveAfter: releases[name][1],
      weightsBefore: { [`${name}-a-0123456`]: 100, [`${name}-b-0123456`]: 0 },
    })),
    operations: [
      operationOf({ service: "platform", livesBefore: lives(0, 0), livesAfter: lives(1, 0) }),
      operationOf({
        service: "insurance",
        firstEvent: length,
        livesBefore: lives(1, 0),
        livesAfter: lives(1, 1),
      }),
    ],
    load: load([...steady, ...more].toSorted((a, b) => a.at - b.at)),
    probes: names.flatMap((name) =>
      [3, 2, 1].map((before) => ({
        at: gateOf(name) - before * 10,
        status: 200,
        release: releases[name][1],
      })),
    ),
    ...changes,
  });
}

const expected = { earlier: ["shifted" as const] };

describe("the judge of a story with several services", () => {
  it("keeps every promise where each service's release went live as it must", () => {
    const { broken, outcome, operations, requests } = judged("shifted", story(), expected);
    expect(broken).to.deep.equal([]);
    expect(outcome).to.equal("shifted");
    expect(operations.map(({ release, liveAfter }) => [release, liveAfter])).to.deep.equal([
      [releases.platform[1], releases.platform[1]],
      [releases.insurance[1], releases.insurance[1]],
    ]);
    expect(requests).to.deep.include({ total: steady.length, toCandidateBeforeGate: 0 });
  });

  it("lets no candidate answer before its gate, by way of another service either", () => {
    const early = call(gateOf("insurance") - 20, "platform", releases.insurance[1]);
    const { broken, requests } = judged("shifted", story({}, [early]), expected);
    expect(broken).to.deep.equal([
      "gate: the candidate answered 1 requests before the gate opened",
    ]);
    expect(requests.toCandidateBeforeGate).to.equal(1);
  });

  it("has nobody answer a call who has been replaced", () => {
    const late = call(endOf("platform") + 400, "insurance", releases.platform[0]);
    expect(judged("shifted", story({}, [late]), expected).broken).to.deep.equal([
      `one release at rest: 1 requests were answered by ${releases.platform[0]} after the deployment had ended`,
    ]);
  });

  it("wants calls to reach the new release", () => {
    const uncalled = steady.map((it) =>
      it.called?.release === releases.insurance[1] ? { ...it, called: null } : it,
    );
    expect(judged("shifted", story({ load: load(uncalled) }), expected).broken).to.deep.equal([
      `enough requests: no other service was answered by the new release ${releases.insurance[1]}`,
    ]);
  });

  it("wants no calls of a service that nobody calls", () => {
    const oneWay = steady.filter(({ called }) => called?.service !== "platform");
    const services = story().services?.map((it) => ({ ...it, isCalled: it.name === "insurance" }));
    const facts = story({ load: load(oneWay), services });
    expect(judged("shifted", facts, expected).broken).to.deep.equal([]);
    const uncalled = load(steady.filter(({ called }) => called === null));
    expect(judged("shifted", story({ load: uncalled, services }), expected).broken).to.deep.equal([
      `enough requests: no other service was answered by the new release ${releases.insurance[1]}`,
    ]);
  });

  it("knows a release on Cloud Run by its own events", () => {
    const told = events.map((event): Recorded => {
      if (event.kind !== "deployment") return event;
      const { kind: _, stage: __, ...rest } = event;
      return { ...rest, kind: "release", revision: "r", moment: "gate", after: null };
    });
    const views = serviceViews(
      { expected: "shifted", startsFrom: "live", minimumRequests: 10, ...expected },
      story({ events: told }),
    );
    expect(views.map(({ facts }) => new Set(facts.probes.map(({ release }) => release)))).to.eql([
      new Set([releases.platform[1]]),
      new Set([releases.insurance[1]]),
    ]);
  });

  it("wants each service's release to pass its own probes", () => {
    const { probes } = story();
    const ofPlatform = probes.filter(({ release }) => release === releases.platform[1]);
    const { broken } = judged("shifted", story({ probes: ofPlatform }), expected);
    expect(broken).to.deep.equal(["gate: opened after 0 healthy probes in a row, 3 are needed"]);
  });

  it("misses an operation that never began", () => {
    const { operations } = story();
    const { broken } = judged("shifted", story({ operations: operations.slice(0, 1) }), expected);
    expect(broken).to.include("outcome: 1 operations were seen, the story tells of 2");
  });

  it("tells once what concerns no service more than another", () => {
    const { broken } = judged(
      "shifted",
      story({ leftovers: ["a subnet"], load: load(steady, { defective: 2 }) }),
      expected,
    );
    expect(broken).to.deep.equal([
      `no defective answer: 2 of ${steady.length} answers were a release's own 5xx`,
      "nothing left behind: a subnet",
    ]);
  });
});
