import { CheckFailed } from "../checkFailed.ts";
import { type RunService, shortName, type TrafficTarget } from "./runApi.ts";
import { nameShares, sharesIn } from "./traffic.ts";

/** Whom a message is about. */
export interface Meddling {
  /** Full name of the service. */
  name: string;
  service: RunService;
  /** Who we are to Google. @default nobody knows */
  own?: string | undefined;
}

/** That somebody moves the traffic of a service at the same time. */
export function meddled(
  { name, service, own }: Meddling,
  wanted: readonly TrafficTarget[],
): CheckFailed {
  const [is, should] = [service.traffic, wanted].map((targets) => nameShares(sharesIn(targets)));
  return new CheckFailed(
    "deployment",
    `the traffic of ${shortName(name)} was changed meanwhile${changedBy(service, own)}: is ${is}, should be ${should}`,
  );
}

/** That somebody deploys at the same time. */
export function overtaken({ name, service, own }: Meddling): CheckFailed {
  return new CheckFailed(
    "deployment",
    `${service.latestCreated ?? "another revision"} was deployed to ${shortName(name)} meanwhile${changedBy(service, own)}`,
  );
}

/**
 * Cloud Run remembers who changed a service last, whatever it was. Where that is ourselves, our claim has been renewed
 * since, and it says nothing of anybody.
 */
export function changedBy({ lastModifier, updatedAt }: RunService, own?: string): string {
  if (own !== undefined && lastModifier === own) return "";
  return `, the service last changed by ${lastModifier || "somebody"} at ${updatedAt}`;
}
