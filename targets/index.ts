import * as pulumi from "@pulumi/pulumi";
import { recordedPromotions } from "../components/recordedPromotions.ts";
import type { LiveRelease } from "../provider/messages.ts";
import { describeProblem, SettingsError } from "../settings/problems.ts";
import type { Settings } from "../settings.ts";
import { resolvePins } from "./pins.ts";
import type { Target } from "./target.ts";

/**
 * Creates the target that the settings ask for. Its module is loaded only now: the others' clouds
 * stay on the disk.
 *
 * @throws SettingsError when a service is held at a release that is not recorded.
 */
export async function createTarget(name: string, settings: Settings): Promise<Target> {
  const pins = await resolvePins(Object.values(settings.services));
  switch (settings.target) {
    case "ec2": {
      const { Ec2Target } = await import("./ec2.ts");
      return new Ec2Target(name, settings, pins);
    }
    case "fargate": {
      const { FargateTarget } = await import("./fargate.ts");
      return new FargateTarget(name, settings, pins);
    }
    case "cloudrun": {
      if (settings.delivery !== "pulumi") throw notBuilt(settings.delivery);
      const { CloudRunTarget } = await import("./cloudRun.ts");
      return new CloudRunTarget(name, settings, { pins, live: await liveReleases() });
    }
  }
}

/** By service: what is live, as its promotion recorded it. */
async function liveReleases(): Promise<Map<string, LiveRelease>> {
  const promotions = await recordedPromotions();
  return new Map(
    [...promotions].flatMap(([service, { live }]) => (live ? [[service, live] as const] : [])),
  );
}

function notBuilt(delivery: string): SettingsError {
  const problem = describeProblem({
    keys: [["delivery"]],
    finding: `is "${delivery}", which is not built yet`,
    allowed: "pulumi",
    mend: "Remove the key.",
  });
  return new SettingsError(pulumi.getStack(), [problem]);
}
