import type { Facts } from "./facts.ts";
import { answersWithin } from "./traffic.ts";

/**
 * How many requests may fail when instances are lost: for each, its targets' share of what is sent until the load
 * balancer has noticed.
 */
export function allowedFailures(facts: Facts): number {
  const { events, bounds } = facts;
  const lost = events.filter((event) => event.kind === "instance" && event.status === "terminated");
  const total = lost.reduce((sum, { realAt }) => {
    const sent = answersWithin(facts, realAt, realAt + bounds.lostTargetMs);
    return sum + targetShare(facts, realAt) * sent;
  }, 0);
  return Math.ceil(total);
}

/** Share of the targets that were lost with an instance: those whose tasks ended without having been drained. */
function targetShare({ events, bounds }: Facts, at: number): number {
  const stopped = events.filter(
    (event) =>
      event.kind === "task" &&
      event.status === "STOPPED" &&
      event.realAt >= at &&
      /instance|host/i.test(event.reason),
  );
  return Math.min(1, Math.max(1, stopped.length) / Math.max(1, bounds.tasks));
}
