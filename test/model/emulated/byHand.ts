import { forward, productionRule } from "../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import type { openWorld } from "../../rehearsal/ecs/support/world.ts";
import { address } from "./settings.ts";

type World = Awaited<ReturnType<typeof openWorld>>;

/** Shares of the live release's group, in percent. */
const shares = [50, 0, 90] as const;

/** All of them outside what scaling may keep. */
const counts = [0, 7, 1] as const;

/** Splits the production traffic between the live release's group and one that has no task. */
export async function splitWeights({ loadBalancing }: World, choice: number): Promise<void> {
  const tuples = loadBalancing.rules.get(productionRule)?.[0]?.ForwardConfig?.TargetGroups ?? [];
  const arns = tuples.map(({ TargetGroupArn = "" }) => TargetGroupArn);
  const live = arns.find((arn) => loadBalancing.registered(arn).length > 0);
  const share = shares[choice] ?? 50;
  const weights = Object.fromEntries(arns.map((arn) => [arn, arn === live ? share : 100 - share]));
  await loadBalancing.modifyRule({ RuleArn: productionRule, Actions: forward(weights) });
}

export async function changeCount({ ecs }: World, choice: number): Promise<void> {
  await ecs.updateService({ ...address, desiredCount: counts[choice] ?? 0 });
}

/** Deploys a task definition, and answers for it at every pause. */
export async function deployByHand(world: World, release: string): Promise<void> {
  const taskDefinition = await world.register(release);
  await world.ecs.updateService({ ...address, taskDefinition });
  for (;;) {
    const { status, lifecycleHookDetails = [] } = await world.newest();
    if (status === "SUCCESSFUL") return;
    if (status !== "PENDING" && status !== "IN_PROGRESS") {
      throw new Error(`a deployment by hand ended as ${status}`);
    }
    if (lifecycleHookDetails.some((hook) => hook.status === "AWAITING_ACTION")) {
      await world.answer("CONTINUE");
    }
    await world.clock.sleep(5);
  }
}
