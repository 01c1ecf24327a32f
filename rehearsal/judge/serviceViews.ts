import type { Recorded } from "../cloud/journal.ts";
import { serviceOf } from "../cloud/serviceOf.ts";
import type { LoadReport, LoadResponse } from "../load/loadReport.ts";
import type { Expectation } from "./expectation.ts";
import type { Facts, Operation, Probe, ServiceFacts } from "./facts.ts";

/** A story as that of one of its services. */
export interface ServiceView {
  story: Expectation;
  facts: Facts;
  /** Places of its operations among the story's. */
  places: number[];
}

/**
 * What was seen of several services as what was seen of each: what is promised of a release is promised of each
 * service's. What is nobody's own, such as the number of requests that failed, is in every view. Pure.
 */
export function serviceViews(story: Expectation, facts: Facts): ServiceView[] {
  const { services = [] } = facts;
  if (services.length < 2) return [{ story, facts, places: [...facts.operations.keys()] }];
  return services.map((service) => viewOf(service, story, facts));
}

function viewOf(service: ServiceFacts, story: Expectation, facts: Facts): ServiceView {
  const { name, isCalled, ...ends } = service;
  const isOwn = (operation: Operation | undefined) =>
    [undefined, name].includes(operation?.service);
  const places = [...facts.operations.keys()].filter((place) => isOwn(facts.operations[place]));
  const isKept = (event: Recorded) => [undefined, name].includes(serviceOf(event));
  const events = facts.events.filter(isKept);
  const operations = places.flatMap((place) => facts.operations[place] ?? []);
  const calls = callsOf(name, facts.load);
  return {
    places,
    // An operation that never began is missed by every service.
    story: withOutcomes(
      story,
      [...(story.earlier ?? []), story.expected].filter((_, place) =>
        isOwn(facts.operations[place]),
      ),
    ),
    facts: {
      ...facts,
      ...ends,
      events,
      operations: operations.map((operation) => ({
        ...operation,
        firstEvent: facts.events.slice(0, operation.firstEvent).filter(isKept).length,
        liveBefore: operation.livesBefore?.[name] ?? null,
        liveAfter: operation.livesAfter?.[name] ?? null,
      })),
      load: facts.load && withResponses(facts.load, name, calls),
      ...(isCalled && { calls }),
      probes: probesOf(facts.probes, events, service),
    },
  };
}

function withOutcomes(
  story: Expectation,
  outcomes: (Expectation["expected"] | null)[],
): Expectation {
  const expected = outcomes.at(-1) ?? story.expected;
  return { ...story, earlier: outcomes.slice(0, -1), expected };
}

/** What a service has answered others that called it. */
function callsOf(name: string, load: LoadReport | null): LoadResponse[] {
  return (load?.responses ?? []).flatMap((response) => {
    const { called } = response;
    if (called?.service !== name) return [];
    return [{ ...response, service: name, release: called.release, called: null }];
  });
}

function withResponses(load: LoadReport, name: string, calls: LoadResponse[]): LoadReport {
  const asked = load.responses.filter(({ service }) => service === name);
  return { ...load, responses: [...asked, ...calls].toSorted((a, b) => a.at - b.at) };
}

/** The answers on a service's test rule, or at its tag: nobody else has its releases. */
function probesOf(probes: Probe[], events: Recorded[], { liveBefore }: ServiceFacts): Probe[] {
  const deployed = events.flatMap((event) =>
    event.kind === "deployment" || event.kind === "release" ? event.release : [],
  );
  const own = new Set<string | null>([null, liveBefore, ...deployed]);
  return probes.filter(({ release }) => own.has(release));
}
