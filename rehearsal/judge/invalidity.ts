import type { Facts } from "./facts.ts";

/** Load that went out later, or a proxy that stood still longer, makes a run invalid; real milliseconds. */
const stallLimitMs = 250;

/** Why the machine was too busy for a run to mean anything; empty when it was not. */
export function invalidity({ load, proxyStallMs }: Facts): string[] {
  const reasons: string[] = [];
  if (load && load.lateMs > stallLimitMs) {
    reasons.push(`load went out ${Math.round(load.lateMs)} ms late (limit ${stallLimitMs} ms)`);
  }
  if (proxyStallMs > stallLimitMs) {
    reasons.push(
      `the load balancer stood still for ${Math.round(proxyStallMs)} ms (limit ${stallLimitMs} ms)`,
    );
  }
  return reasons;
}
