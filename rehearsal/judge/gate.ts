import type { Facts } from "./facts.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";

/** The healthy probes of the candidate in a row that had just ended when the gate opened. */
export function passesBeforeGate({ probes }: Facts, { gateAt, candidate }: RolloutFacts): number {
  if (gateAt === null) return 0;
  let passes = 0;
  for (const probe of probes) {
    if (probe.at > gateAt) break;
    const healthy = probe.status === 200 && probe.release === candidate;
    passes = healthy ? passes + 1 : 0;
  }
  return passes;
}
