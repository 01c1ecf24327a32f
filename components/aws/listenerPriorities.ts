import { createHash } from "node:crypto";

/** Where a service's two rules stand on the listener; a lower number is looked at first. */
export interface ListenerPriorities {
  test: number;
  production: number;
}

/** An ALB takes path patterns up to this length, and `/*` is put behind a prefix. */
const longestPath = 126;

/**
 * Places for paths of one length: two bands of `longestPath × slots` fit below an ALB's last
 * priority, 50000.
 */
const slots = 195;
const band = longestPath * slots;

/**
 * Gives every service's rules their places: all test rules before all production rules, and longer
 * paths before the shorter ones that would swallow them.
 *
 * A place is made from the path alone, so that adding or removing a service moves no other:
 * priorities can't be swapped in place, because the first half of a swap is refused as taken.
 *
 * @throws when a path is too long, or two services have the same one.
 */
export function listenerPriorities(paths: readonly string[]): Map<string, ListenerPriorities> {
  const taken = new Set<number>();
  const places = new Map<string, ListenerPriorities>();
  for (const path of paths.toSorted()) {
    if (path.length > longestPath) {
      throw new Error(
        `path "${path}" has ${path.length} characters; ` +
          `a load balancer's rule takes ${longestPath} at most.`,
      );
    }
    if (places.has(path))
      throw new Error(`two services have the path "${path}"; each needs its own.`);
    const first = (longestPath - path.length) * slots;
    let slot = createHash("sha256").update(path).digest().readUInt32BE() % slots;
    // Paths of the same length can't swallow each other, so the next free place is as good.
    while (taken.has(first + slot)) slot = (slot + 1) % slots;
    taken.add(first + slot);
    places.set(path, { test: first + slot + 1, production: band + first + slot + 1 });
  }
  return places;
}
