import { table } from "../../operate/table.ts";
import { millions, money, percent, right } from "./cells.ts";
import { requestSeconds } from "./cloudRunCosts.ts";
import {
  compareTargets,
  type RunCrossing,
  runCrossings,
  type Share,
  shownShares,
} from "./compareTargets.ts";
import type { StackPlan } from "./stackPlan.ts";

/** The whole stack on every target, and up to where Cloud Run costs less. */
export function renderTargets(plan: StackPlan): string {
  const rows = compareTargets(plan);
  const costs = table([
    ["The whole stack, busy for", ...shownShares.map((share) => right(shareText(share)))],
    ...rows.map(({ name, costs }) => [name, ...costs.map(money)]),
  ]);
  const crossings = runCrossings(plan);
  if (crossings.length === 0) return `${costs}\n${nowhere}`;
  return `${costs}\n${busyText}\n\n${crossingTable(crossings)}`;
}

const nowhere =
  "Cloud Run has no instance for one of the tasks, or no region of it near this one is known.";

const busyText = [
  `Busy is the part of the time in which each of the fewest tasks has a request, of ${requestSeconds * 1000} ms, one after the other.`,
  "Requests that an instance takes at once share its time: more of them come to the same part.",
].join("\n");

function crossingTable(crossings: readonly RunCrossing[]): string {
  return table([
    ["cloudrun, by requests, costs less than", "tasks.min kept", "tasks.min: 0"],
    ...crossings.map(({ other, kept, fromZero }) => [other, shareCell(kept), shareCell(fromZero)]),
  ]);
}

/** Such as `up to 52 %, 27 million requests`. */
export function shareCell(share: Share | undefined): string {
  if (share === undefined) return "never";
  if (share.busy === 1) return "always";
  return `up to ${percent(share.busy)}, ${millions(share.requests)} requests`;
}

/** The first column is the stack that does nothing. */
export function shareText(share: number): string {
  return share === 0 ? "idle" : percent(share);
}
