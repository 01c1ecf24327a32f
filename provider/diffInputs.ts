import type { PromotionState } from "./promotionState.ts";
import { isObject, type Json, leaves, type Properties, unknown } from "./properties.ts";

export type Change = "add" | "delete" | "update" | "replace";

export interface Difference {
  /** By path of the property. */
  changes: Map<string, Change>;
  /** Whether the release has to go through the gate (again), or only the state changes. */
  deploys: boolean;
}

/** Another service, so another promotion. */
const identity = new Set([
  "deployment.kind",
  "deployment.cluster",
  "deployment.ecsService",
  "deployment.cloudRunService",
]);

/** What makes a deployment start, or should have. */
const deployed = new Set([
  "release",
  "deployment.taskDefinition",
  "deployment.configuration",
  "deployment.calls",
]);

/**
 * Compares plain inputs, old and new, and what was last seen live with what should be.
 *
 * @param state - what the promotion remembers: what is live, and what was found to be changed by hand.
 */
export function diffInputs(
  olds: Properties,
  news: Properties,
  state: Pick<PromotionState, "live" | "drift">,
): Difference {
  const [before, after] = [leaves(olds), leaves(news)];
  const changes = new Map<string, Change>();
  const veiled = [...after].filter(([, is]) => is === unknown).map(([path]) => path);
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (veiled.some((outer) => isWithin(path, outer))) continue;
    const [was, is] = [before.get(path), after.get(path)];
    if (is !== unknown && sameLeaf(was, is)) continue;
    changes.set(path, changeOf(path, was, is));
  }
  if ([...changes.keys()].some(isDeployed)) return { changes, deploys: true };
  const drift = driftOf(news, state);
  for (const path of drift) changes.set(path, "update");
  return { changes, deploys: drift.length > 0 };
}

function isDeployed(path: string): boolean {
  return [...deployed].some((at) => at === path || isWithin(at, path) || isWithin(path, at));
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

function changeOf(path: string, was: Json | undefined, is: Json | undefined): Change {
  if (identity.has(path)) return "replace";
  if (was === undefined && is !== unknown) return "add";
  return is === undefined ? "delete" : "update";
}

/** Where what is live is not what the inputs want: somebody else deployed, or a roll-back outran us. */
function driftOf(
  news: Properties,
  { live, drift: byHand }: Pick<PromotionState, "live" | "drift">,
): string[] {
  const { kind, taskDefinition, configuration } = isObject(news.deployment) ? news.deployment : {};
  const drift: string[] = [];
  if (news.release !== unknown && news.release !== live?.release) drift.push("live.release");
  // Elsewhere the cloud names what it brings live only when it does.
  if (kind === "ecs" && taskDefinition !== unknown && taskDefinition !== live?.revision) {
    drift.push("live.revision");
  }
  if (configuration !== unknown && configuration !== live?.configuration) {
    drift.push("live.configuration");
  }
  if (byHand.length > 0) drift.push("drift");
  return drift;
}

function sameLeaf(was: Json | undefined, is: Json | undefined): boolean {
  return (
    was === is ||
    (was !== undefined && is !== undefined && JSON.stringify(was) === JSON.stringify(is))
  );
}
