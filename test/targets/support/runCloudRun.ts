import type {
  CloudRunPlaceSettings,
  CloudRunSettings,
  ServiceSettings,
} from "../../../settings.ts";
import type { KnownReleases } from "../../../targets/cloudRun.ts";
import { only, promiseOf, type Recording, record } from "../../support/mocks.ts";
import { cloudRunSettings, cloudRunService as service } from "../../support/settings.ts";

export const serviceType = "gcp:cloudrunv2/service:Service";
export const promotionType = "rollout:index:Promotion";

/** What a stack on Cloud Run has besides, or instead of, one service and the settings of the tests. */
export interface Run {
  services?: ServiceSettings[];
  place?: Partial<CloudRunPlaceSettings>;
  settings?: Partial<CloudRunSettings>;
  known?: Partial<KnownReleases>;
}

/** A stack on Cloud Run, deployed to the end. */
export function runCloudRun({
  services = [service()],
  place,
  settings,
  known,
}: Run): Promise<Recording<unknown>> {
  return record(async () => {
    const { CloudRunTarget } = await import("../../../targets/cloudRun.ts");
    const all = cloudRunSettings(...services);
    const target = new CloudRunTarget(
      "symphainy",
      { ...all, cloudRun: { ...all.cloudRun, ...place }, ...settings },
      { pins: new Map(), recorded: new Map(), deployed: new Map(), ...known },
    );
    await Promise.all(Object.values(target.services).map(({ release }) => promiseOf(release)));
  });
}

/** Id of the release that a service's promotion is to bring live. */
export function releaseOf(recording: Recording<unknown>, name = "platform"): string {
  return String(only(recording, promotionType, name).inputs.release);
}
