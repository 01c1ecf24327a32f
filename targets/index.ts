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
  let known: ReturnType<typeof readStackState> | undefined;
  // Asked for once, and only by who needs it.
  const state = () => (known ??= readStackState());
  const pins = await resolvePins(Object.values(settings.services), async () =>
    promotionsIn(await state()),
  );
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
      const recorded = promotionsIn(await state());
      const deployed = deployedServices(await state());
      return new CloudRunTarget(name, settings, { pins, recorded, deployed });
    }
  }
}
