import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import type { Checkpoint, Deployment, DeploymentEvent } from "../deploymentController.ts";
import { Deployments, goesForward } from "./deployments.ts";
import { type EcsApi, isTooLate, type ServiceAddress } from "./ecsApi.ts";
import { failedTasks } from "./failedTasks.ts";
import { emptyMemory, isScalingUp, nextEvent } from "./nextEvent.ts";
import { requestRollBack } from "./requestRollBack.ts";
import { whyNotUp } from "./whyNotUp.ts";

export interface EcsDeploymentArgs {
  arn: string;
  address: ServiceAddress;
  taskDefinition: string;
  /** Minutes until a deployment that still scales up is given up. */
  scaleUpMinutes: number;
}

/** Seconds of cloud time between two looks; while a pause waits for us, only somebody else can bring news. */
export const lookSeconds = 5;
export const pausedLookSeconds = 15;

/** Looks in a row at which ECS may not know the deployment: it lists them eventually. */
const missingLooks = 12;

/** One service deployment, followed by polling. */
export class EcsDeployment implements Deployment {
  readonly id: string;
  readonly #args: EcsDeploymentArgs;
  readonly #api: EcsApi;
  readonly #deployments: Deployments;
  readonly #clock: Clock;
  readonly #memory = emptyMemory();
  readonly #since: number;
  #paused = false;
  #undone = false;

  constructor(args: EcsDeploymentArgs, api: EcsApi, clock: Clock) {
    this.id = args.arn;
    this.#args = args;
    this.#api = api;
    this.#deployments = new Deployments(api, args.address);
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** @throws CheckFailed `scale-up`, when the tasks are not healthy in time, or too many of them fail. */
  async next(signal: AbortSignal): Promise<DeploymentEvent> {
    for (let missing = 0; ; ) {
      const deployment = await this.#look(signal);
      if (deployment) {
        missing = 0;
        const event = nextEvent(deployment, this.#memory);
        this.#paused = event?.kind === "checkpoint" || (this.#paused && !event);
        if (event) return event;
        await this.#limitScaleUp(deployment, signal);
      } else if ((missing += 1) > missingLooks) {
        throw new CheckFailed("deployment", `ECS does not know ${this.id} any more`);
      }
      await this.#clock.sleep(this.#paused ? pausedLookSeconds : lookSeconds, signal);
    }
  }

  async answer({ id }: Checkpoint, verdict: "continue" | "rollBack"): Promise<void> {
    this.#paused = false;
    this.#undone ||= verdict === "rollBack";
    const action = verdict === "continue" ? "CONTINUE" : "ROLLBACK";
    try {
      const input = { serviceDeploymentArn: this.id, hookId: id, action } as const;
      await this.#api.continueServiceDeployment(input);
    } catch (error) {
      if (!isTooLate(error) || !(await this.#isAnswered(id, verdict))) throw error;
    }
  }

  async rollBack(_reason: string): Promise<void> {
    this.#paused = false;
    this.#undone = true;
    await requestRollBack(this.#api, this.id);
  }

  /** A repeated request is refused when only the answer to the first one was lost. */
  async #isAnswered(hook: string, verdict: "continue" | "rollBack"): Promise<boolean> {
    const [deployment] = await this.#deployments.describe([this.id]);
    if (!deployment || goesForward(deployment) !== (verdict === "continue")) return false;
    const details = deployment.lifecycleHookDetails ?? [];
    return !details.some(({ hookId, status }) => hookId === hook && status === "AWAITING_ACTION");
  }

  async #look(signal: AbortSignal): Promise<ServiceDeployment | undefined> {
    return (await this.#deployments.describe([this.id], signal))[0];
  }

  async #limitScaleUp(deployment: ServiceDeployment, signal: AbortSignal): Promise<void> {
    if (this.#undone || !isScalingUp(deployment)) return;
    const { scaleUpMinutes, address, taskDefinition } = this.#args;
    const { requestedTaskCount = 0, runningTaskCount = 0 } = deployment.targetServiceRevision ?? {};
    const running = `${runningTaskCount} of ${requestedTaskCount}`;
    const since = deployment.startedAt?.getTime() ?? deployment.createdAt?.getTime() ?? this.#since;
    if (this.#clock.now() >= since + scaleUpMinutes * 60_000) {
      return this.#giveUp(
        `${running} tasks running, not all healthy after ${scaleUpMinutes} min`,
        signal,
      );
    }
    const tasks = await failedTasks(this.#api, address, taskDefinition, signal);
    if (tasks === undefined || tasks.failed < tasks.limit) return;
    return this.#giveUp(
      `${tasks.failed} tasks failed, ${tasks.limit} are too many of ${requestedTaskCount}; ${running} are running`,
      signal,
    );
  }

  async #giveUp(measured: string, signal: AbortSignal): Promise<never> {
    const { address, taskDefinition } = this.#args;
    const why = await whyNotUp(this.#api, address, taskDefinition, signal);
    throw new CheckFailed("scale-up", `${measured}${why}`);
  }
}
