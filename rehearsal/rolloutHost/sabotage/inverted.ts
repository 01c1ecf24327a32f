import type { DeploymentController } from "../../../provider/deploymentController.ts";
import { overriding } from "./overriding.ts";

/**
 * Lets go on what should be undone, and has undone what should go on; but for a first release, without which there
 * would be nothing to begin from.
 */
export function inverted(controller: DeploymentController): DeploymentController {
  return overriding(controller, {
    begin: async (signal) => {
      const live = await controller.live();
      const deployment = await controller.begin(signal);
      if (!deployment || !live) return deployment;
      return overriding(deployment, {
        answer: (checkpoint, verdict) =>
          deployment.answer(checkpoint, verdict === "continue" ? "rollBack" : "continue"),
      });
    },
  });
}
