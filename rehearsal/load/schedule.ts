import { seededRandom } from "../seededRandom.ts";

/** How a request that comes by itself is sent. */
const arrivingKinds = ["keepAlive", "fresh", "upload", "long", "call"] as const;
export type ArrivingKind = (typeof arrivingKinds)[number];

/** Besides those that arrive: uploads that are held open until somebody says otherwise. */
export const requestKinds = [...arrivingKinds, "held"] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Shares of the kinds; they need not add up to anything. */
export type LoadMix = Record<ArrivingKind, number>;

/**
 * 2 % of long requests is the design's figure; the rest is what a browser-facing service sees, roughly. Calls that go
 * by way of another service need one.
 */
export const defaultMix: LoadMix = { keepAlive: 70, fresh: 16, upload: 12, long: 2, call: 0 };

/** A request that is due. */
export interface Arrival {
  /** Real milliseconds since the load began. */
  dueMs: number;
  kind: ArrivingKind;
  /** Different for every request of a run. */
  number: number;
  /** Bytes of an upload. */
  size: number;
}

/** Bytes of the smallest and the largest upload. */
const uploadSize = { from: 1024, to: 16 * 1024 };

/**
 * The arrivals of one run, without end: independent of each other (a Poisson process), so that they come in bursts
 * as real visitors do. The same seed, rate and mix give the same arrivals.
 */
export function* schedule({
  seed,
  requestsPerSecond,
  mix,
}: {
  seed: number;
  requestsPerSecond: number;
  mix: LoadMix;
}): Generator<Arrival, never> {
  const random = seededRandom(seed, "arrivals");
  let dueMs = 0;
  for (let number = 1; ; number += 1) {
    dueMs += (-Math.log(1 - random()) / requestsPerSecond) * 1000;
    const kind = kindAt(mix, random());
    const size = Math.floor(uploadSize.from + random() * (uploadSize.to - uploadSize.from));
    yield { dueMs, kind, number, size };
  }
}

function kindAt(mix: LoadMix, share: number): ArrivingKind {
  const total = arrivingKinds.reduce((sum, kind) => sum + mix[kind], 0);
  let point = share * total;
  for (const kind of arrivingKinds) {
    if (point < mix[kind]) return kind;
    point -= mix[kind];
  }
  return "keepAlive";
}
