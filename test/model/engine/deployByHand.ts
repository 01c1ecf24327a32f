import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { releaseVariable } from "../../../provider/messages.ts";
import type { Release } from "../model.ts";
import type { EngineWorld } from "./openEngineWorld.ts";

/** Deploys a copy of what the service runs under another name, and answers for it at every pause. */
export async function deployByHand(
  { cloud, clock, platforms }: EngineWorld,
  address: { cluster: string; service: string },
  release: Release,
): Promise<void> {
  const { ecs } = cloud;
  const describe = async () => {
    const { cluster, service } = address;
    const { services } = await ecs.describeServices({ cluster, services: [service] });
    return services?.[0];
  };
  const { taskDefinition: name } = (await describe()) ?? {};
  const { taskDefinition = {} } = await ecs.describeTaskDefinition({ taskDefinition: name });
  const id = `by-hand-${release.name}`;
  platforms.name(id, release);
  const copy = await ecs.registerTaskDefinition(renamed(taskDefinition, id));
  await cloud.byHand.deploy(copy.taskDefinition?.taskDefinitionArn ?? "");
  for (;;) {
    const serviceDeploymentArn = (await describe())?.currentServiceDeployment;
    if (serviceDeploymentArn === undefined) return;
    const serviceDeploymentArns = [serviceDeploymentArn];
    const { serviceDeployments } = await ecs.describeServiceDeployments({ serviceDeploymentArns });
    const hooks = serviceDeployments?.[0]?.lifecycleHookDetails ?? [];
    const open = hooks.find(({ status }) => status === "AWAITING_ACTION");
    if (open) {
      const { hookId } = open;
      await ecs.continueServiceDeployment({ serviceDeploymentArn, hookId, action: "CONTINUE" });
    }
    await clock.sleep(10);
  }
}

function renamed(definition: TaskDefinition, id: string) {
  const { family, networkMode, requiresCompatibilities, cpu, memory } = definition;
  const { executionRoleArn, taskRoleArn, runtimePlatform, containerDefinitions = [] } = definition;
  return {
    family,
    networkMode,
    requiresCompatibilities,
    cpu,
    memory,
    executionRoleArn,
    taskRoleArn,
    runtimePlatform,
    containerDefinitions: containerDefinitions.map((container) => ({
      ...container,
      environment: container.environment?.map((variable) =>
        variable.name === releaseVariable ? { ...variable, value: id } : variable,
      ),
    })),
  };
}
