import type { Controllers } from "../../provider/cloud.ts";
import type { Deployment, DeploymentController } from "../../provider/deploymentController.ts";
import { httpProbe, type Probe } from "../../provider/probe.ts";
import { realControllers } from "../../provider/realControllers.ts";

/** Asks, and takes every answer for a healthy one. */
export const blindProbe: Probe = async (request, signal) => {
  const answer = await httpProbe(request, signal);
  return answer.status === undefined ? answer : { ...answer, status: 200, healthPercentage: 100 };
};

/** Lets every candidate through the gate without asking it. */
export const openGate: Controllers = {
  async ecs(deployment, context) {
    const cloud = await realControllers.ecs(deployment, context);
    return { ...cloud, controller: withOpenGate(cloud.controller) };
  },
};

function withOpenGate(controller: DeploymentController): DeploymentController {
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
