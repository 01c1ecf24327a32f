import type { EcsApi } from "../../../../provider/ecs/ecsApi.ts";
import type { ElbApi } from "../../../../provider/ecs/elbApi.ts";
import { productionRule } from "../../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import type { openWorld } from "../../../rehearsal/ecs/support/world.ts";
import { type EcsDeploymentArgs, ecsDeployment } from "./ecsDeployment.ts";
import { namedError } from "./fakeEcs.ts";

type World = Awaited<ReturnType<typeof openWorld>>;

/** The emulated ECS, as a client of the SDK sees it. */
export function ecsOf({ ecs }: World): EcsApi {
  return new Proxy(ecs, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return async (input: unknown) => {
        try {
          return await value.call(target, input);
        } catch (error) {
          const { code, message } = error as { code: string; message: string };
          throw namedError(code, message);
        }
      };
    },
  });
}

/** The load balancer of the emulated ECS. */
export function elbOf({ loadBalancing }: World): ElbApi {
  return {
    describeRules: async ({ RuleArns = [] }) => loadBalancing.describeRules({ RuleArns }),
    describeTargetHealth: async ({ TargetGroupArn = "" }) =>
      loadBalancing.describeTargetHealth({ TargetGroupArn }),
    modifyRule: async ({ RuleArn = "", Actions = [] }) => {
      await loadBalancing.modifyRule({ RuleArn, Actions });
      return {};
    },
  };
}

/** What a promotion is told of the emulated service. */
export function emulatedDeployment(changes: Partial<EcsDeploymentArgs>): EcsDeploymentArgs {
  return ecsDeployment({
    cluster: "main",
    traffic: { loadBalancer: "app/lb/1", productionRule },
    ...changes,
  });
}
