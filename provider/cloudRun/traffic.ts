import { candidateTag } from "../messages.ts";
import type { RunService, TrafficTarget } from "./runApi.ts";

/** Revision → percent of the production traffic; only those that have some. */
export type Shares = ReadonlyMap<string, number>;

/** What messages call the share of whichever revision is the latest. */
const latest = "LATEST";

/** The newest revision without production traffic, under the tag that the gate goes by. */
const candidateAside: TrafficTarget = { revision: undefined, percent: 0, tag: candidateTag };

/**
 * Tag of what was live while the candidate has all the traffic: Cloud Run keeps the smallest number of instances of a
 * revision that has traffic or a tag, and one that is gone back to should not have to start first.
 *
 * @see https://cloud.google.com/run/docs/configuring/min-instances
 */
const liveTag = "live";

/** Where nothing was ever live: the newest revision has all the traffic there is. */
export const unproven: readonly TrafficTarget[] = [{ ...candidateAside, percent: 100 }];

/**
 * A service at rest. What is deployed later has no traffic until somebody gives it some.
 *
 * @param aside - what has the tag.
 */
export function allTo(
  revision: string | undefined,
  aside: TrafficTarget = candidateAside,
): readonly TrafficTarget[] {
  return revision === undefined ? unproven : [{ revision, percent: 100 }, aside];
}

/**
 * @param live - undefined where nothing was live before: then there is nobody to share with.
 * @param aside - what has the tag.
 */
export function splitTraffic(
  live: string | undefined,
  candidate: string,
  percent: number,
  aside: TrafficTarget = candidateAside,
): readonly TrafficTarget[] {
  if (live === undefined) return allTo(candidate, aside);
  if (percent === 100) {
    return [...allTo(candidate, aside), { revision: live, percent: 0, tag: liveTag }];
  }
  return [{ revision: live, percent: 100 - percent }, { revision: candidate, percent }, aside];
}

/**
 * What has the tag, without production traffic. A promotion leaves it where the program has put it: an undone one that
 * is tried again makes no update of the service that could put it there again.
 */
export function asideIn({ traffic }: RunService): TrafficTarget {
  const tagged = traffic.find(({ tag }) => tag === candidateTag);
  return tagged ? { ...tagged, percent: 0 } : candidateAside;
}

/**
 * The revision that is to prove itself: that which the tag names, as it does for a release that is gone back to, or
 * else the newest one.
 */
export function candidateIn({ traffic, latestCreated }: RunService): string | undefined {
  return traffic.find(({ tag }) => tag === candidateTag)?.revision ?? latestCreated;
}

/** Whether a revision without traffic has its instances kept for it. */
export function keepsWarm({ traffic }: RunService): boolean {
  return traffic.some(({ tag }) => tag === liveTag);
}

/** What was asked for; the latest revision's share by its own name. */
export function sharesIn(targets: readonly TrafficTarget[]): Shares {
  return sum(targets, latest);
}

/** How traffic really goes: to which revision, whatever name it was asked for by. */
export function servingShares({ serving, latestReady }: RunService): Shares {
  return sum(serving, latestReady ?? latest);
}

/** What {@link servingShares} will be once Cloud Run has done what was asked for. */
export function resultingShares(
  targets: readonly TrafficTarget[],
  { latestReady }: RunService,
): Shares {
  return sum(targets, latestReady ?? latest);
}

function sum(targets: readonly TrafficTarget[], nameOfLatest: string): Shares {
  const shares = new Map<string, number>();
  for (const { revision = nameOfLatest, percent } of targets) {
    if (percent > 0) shares.set(revision, (shares.get(revision) ?? 0) + percent);
  }
  return shares;
}

export function sameShares(one: Shares, other: Shares): boolean {
  return one.size === other.size && [...one].every(([name, share]) => other.get(name) === share);
}

export function nameShares(shares: Shares): string {
  if (shares.size === 0) return "given to nobody";
  return [...shares].map(([revision, percent]) => `${revision} ${percent} %`).join(", ");
}

/**
 * The revision that has most of the traffic.
 *
 * @param promoted - whether anything was ever promoted here: if not, what the latest revision has by being the latest
 *   is no promotion's.
 */
export function busiest(service: RunService, promoted: boolean): string | undefined {
  const shares = promoted
    ? servingShares(service)
    : sharesIn(service.serving.filter(({ revision }) => revision !== undefined));
  const [first] = [...shares].toSorted(([, a], [, b]) => b - a);
  return first?.[0] === latest ? undefined : first?.[0];
}
