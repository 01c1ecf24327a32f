import { deployedServices } from "../components/gcp/deployedServices.ts";
import { promotionsIn } from "../components/recordedPromotions.ts";
import { readStackState } from "../components/stackState.ts";
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
      const { CloudRunTarget } = await import("./cloudRun.ts");
      const state = await readStackState();
      const known = { recorded: promotionsIn(state), deployed: deployedServices(state) };
      return new CloudRunTarget(name, settings, { pins, ...known });
    }
  }
}
