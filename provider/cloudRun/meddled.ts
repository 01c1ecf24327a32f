import { CheckFailed } from "../checkFailed.ts";
import { type RunService, shortName, type TrafficTarget } from "./runApi.ts";
import { nameShares, sharesIn } from "./traffic.ts";

/**
 * That somebody moves the traffic of a service at the same time.
 *
 * @param name - of the service, in full.
 */
export function meddled(
  name: string,
  service: RunService,
  wanted: readonly TrafficTarget[],
): CheckFailed {
  const [is, should] = [service.traffic, wanted].map((targets) => nameShares(sharesIn(targets)));
  return new CheckFailed(
    "deployment",
    `the traffic of ${shortName(name)} was changed meanwhile, ${changedBy(service)}: is ${is}, should be ${should}`,
  );
}

/** That somebody deploys at the same time. */
export function overtaken(name: string, service: RunService): CheckFailed {
  return new CheckFailed(
    "deployment",
    `${service.latestCreated ?? "another revision"} was deployed to ${shortName(name)} meanwhile, ${changedBy(service)}`,
  );
}

/** Cloud Run remembers who changed a service last, whatever it was; a promotion's own notes are changes, too. */
export function changedBy({ lastModifier, updatedAt }: RunService): string {
  return `the service last changed by ${lastModifier || "somebody"} at ${updatedAt}`;
}
