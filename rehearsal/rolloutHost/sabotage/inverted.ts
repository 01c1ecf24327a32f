import type { DeploymentController } from "../../../provider/deploymentController.ts";
import { overriding } from "./overriding.ts";

/** Lets go on what should be undone, and has undone what should go on. */
export function inverted(controller: DeploymentController): DeploymentController {
  return overriding(controller, {
    begin: async (signal) => {
      const deployment = await controller.begin(signal);
      return (
        deployment &&
        overriding(deployment, {
          answer: (checkpoint, verdict) =>
            deployment.answer(checkpoint, verdict === "continue" ? "rollBack" : "continue"),
        })
      );
    },
  });
}
