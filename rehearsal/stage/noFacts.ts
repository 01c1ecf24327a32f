import type { Facts } from "../judge/facts.ts";

/** What has been seen of a story before it begins. */
export function noFacts(speed: number): Facts {
  return {
    events: [],
    operation: null,
    secondPreview: null,
    liveBefore: null,
    liveAfter: null,
    load: null,
    probes: [],
    consecutivePasses: 0,
    leftovers: [],
    secretsFoundIn: [],
    proxyStallMs: 0,
    speed,
  };
}
