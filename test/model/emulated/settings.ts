import type { PromotionInputs } from "../../../provider/messages.ts";
import { promotionInputs } from "../../provider/support/promotionInputs.ts";
import {
  alternate,
  primary,
  productionRule,
} from "../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import { pauseAt } from "../../rehearsal/ecs/support/world.ts";
import { alarmOf } from "./dataPlane.ts";

export const address = { cluster: "main", service: "platform" };

/** How many tasks scaling may keep. */
export const tasks = { min: 2, max: 4 };

/** A pause outlives gate and bake. */
export const deployment = pauseAt("POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT");

const cluster = "arn:aws:ecs:eu-central-1:123456789012:cluster/main";

/** What the program tells the promotion; nothing of a release but its name and its task definition changes. */
export function inputsOf(release: string, taskDefinition: string): PromotionInputs {
  const inputs = promotionInputs(release);
  return {
    ...inputs,
    deployment: {
      ...inputs.deployment,
      cluster,
      ecsService: address.service,
      taskDefinition,
      tasks,
      traffic: { loadBalancer: "app/lb/1", productionRule },
    },
    bake: {
      ...inputs.bake,
      alarms: [primary, alternate].map((group) => ({ name: alarmOf[group] ?? "", watches: group })),
    },
  };
}
