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
    `the traffic of ${shortName(name)} was changed by ${modifierOf(service)}: is ${is}, should be ${should}`,
  );
}

/** That somebody deploys at the same time. */
export function overtaken(name: string, service: RunService): CheckFailed {
  return new CheckFailed(
    "deployment",
    `${service.latestCreated ?? "another revision"} was deployed to ${shortName(name)} meanwhile, by ${modifierOf(service)}`,
  );
}

/** Who changed a service last, and when. */
export function modifierOf({ lastModifier, updatedAt }: RunService): string {
  return `${lastModifier || "somebody"} at ${updatedAt}`;
}
