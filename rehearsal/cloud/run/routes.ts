import { latest, type TrafficTarget, type TrafficTargetStatus } from "./resources.ts";

/** Where a service's requests go. */
export interface Routes {
  /** What was declared, and is in force. */
  targets: readonly TrafficTarget[];
  /** Revision's short name → production traffic in percent; with those that are named and get none. */
  percents: Map<string, number>;
  /** Tag → revision's short name. */
  tags: Map<string, string>;
}

export const noRoutes: Routes = { targets: [], percents: new Map(), tags: new Map() };

/** Without any traffic declared all of it goes to the latest revision. */
export const defaultTraffic: readonly TrafficTarget[] = [{ type: latest, percent: 100 }];

/**
 * Makes routes of what is declared.
 *
 * @param latestReady - what "latest" means: the newest revision that became ready. Undefined: there is none yet, and
 *   what would go there goes nowhere.
 */
export function routesOf(
  declared: readonly TrafficTarget[],
  latestReady: string | undefined,
): Routes {
  const targets = declared.length > 0 ? declared : defaultTraffic;
  const percents = new Map<string, number>();
  const tags = new Map<string, string>();
  for (const { type, revision = "", percent = 0, tag } of targets) {
    const name = type === latest ? latestReady : revision;
    if (name === undefined) continue;
    percents.set(name, (percents.get(name) ?? 0) + percent);
    if (tag) tags.set(tag, name);
  }
  return { targets, percents, tags };
}

/** Revisions that are declared by their name. */
export function namedRevisions(declared: readonly TrafficTarget[]): string[] {
  return declared.flatMap(({ type, revision }) => (type === latest || !revision ? [] : [revision]));
}

/** @param uriOf - URL of a tag, where it has one already. */
export function statusesOf(
  { targets, tags }: Routes,
  uriOf: (tag: string) => string | undefined,
): TrafficTargetStatus[] {
  return targets.map(({ type, revision, percent, tag }) => {
    const uri = tag && tags.has(tag) ? uriOf(tag) : undefined;
    return {
      type,
      ...(revision ? { revision } : {}),
      ...(percent ? { percent } : {}),
      ...(tag ? { tag } : {}),
      ...(uri ? { uri } : {}),
    };
  });
}
