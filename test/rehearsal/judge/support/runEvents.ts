import type { CloudEvent } from "../../../../rehearsal/cloud/journal.ts";

/** Events of a service `p` on Cloud Run, whose revisions are `p-1`, `p-2`, … */
const service = "symphainy-cloudrun-p";
const rule = `projects/my-project/locations/europe-west1/services/${service}`;

function revision(
  release: string,
  number: number,
  status: "created" | "failed",
  reason = "",
): CloudEvent {
  return { kind: "revision", revision: `p-${number}`, service, release, status, reason };
}

export function created(release: string, number: number): CloudEvent {
  return revision(release, number, "created");
}

export function failed(release: string, number: number): CloudEvent {
  return revision(release, number, "failed", "The user-provided container failed to start.");
}

/** The candidate's tag leads to a revision. */
export function led(to: string): CloudEvent {
  const weights = { [to]: 100 };
  return { kind: "weights", rule: `${rule}/tags/candidate`, service, traffic: "test", weights };
}

/** Production traffic, in percent. */
export function shares(weights: Record<string, number>): CloudEvent {
  return { kind: "weights", rule, service, traffic: "production", weights };
}

/** Whose promotion stands on the service; without a release, nobody's. */
export function annotated(release?: string, number = 0): CloudEvent {
  const since = "2026-01-01T00:00:00Z";
  const note = `release ${release} revision p-${number} from nothing since ${since}`;
  const annotations = { team: "x", ...(release && { "symphainy.dev/promotion": note }) };
  return { kind: "annotations", service, annotations };
}

/** A release that goes live by these shares, one after the other. */
export function promoted(
  release: string,
  number: number,
  ...steps: Record<string, number>[]
): CloudEvent[] {
  return [
    created(release, number),
    led(`p-${number}`),
    annotated(release, number),
    ...steps.map(shares),
    annotated(),
  ];
}
