import type { Deployment, DeploymentController } from "../../../provider/deploymentController.ts";

/** Lets every candidate through the gate without asking it. */
export function openGate(controller: DeploymentController): DeploymentController {
  return {
    begin: async (signal) => {
      const deployment = await controller.begin(signal);
      return deployment && answeringGates(deployment);
    },
    live: () => controller.live(),
    stop: (reason, signal) => controller.stop(reason, signal),
  };
}

function answeringGates(deployment: Deployment): Deployment {
  return {
    id: deployment.id,
    answer: (checkpoint, verdict) => deployment.answer(checkpoint, verdict),
    rollBack: (reason) => deployment.rollBack(reason),
    async next(signal) {
      const event = await deployment.next(signal);
      if (event.kind !== "checkpoint" || event.purpose !== "gate") return event;
      await deployment.answer(event, "continue");
      return { kind: "progress", message: "gate: skipped" };
    },
  };
}
