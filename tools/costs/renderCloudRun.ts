import { cloudRunCosts, fewestInstances } from "./cloudRunCosts.ts";
import type { CloudRunPlan } from "./cloudRunPlan.ts";
import { tierOf } from "./cloudRunPrices.ts";
import { billOf, headOf } from "./renderBill.ts";
import { renderTargets } from "./renderTargets.ts";

/** What a stack on Cloud Run costs a month, and what it would cost elsewhere. */
export function renderCloudRun(plan: CloudRunPlan): string {
  return [
    `${headOf(plan, "instances")} The region is of tier ${tierOf(plan.region)}.`,
    billOf(cloudRunCosts(plan, fewestInstances(plan), 0)),
    renderTargets(plan),
    leftOut,
  ].join("\n\n");
}

const leftOut = [
  "Left out: what is free each month, the time in which instances start or answer probes, data, logs, figures, images,",
  "secrets, builds, and the second set of instances while a release is on its way.",
].join("\n");
