import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { CheckFailed, messageOf } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import type { Checkpoint, Deployment, DeploymentEvent } from "../deploymentController.ts";
import { Deployments } from "./deployments.ts";
import { type EcsApi, isTooLate, type ServiceAddress } from "./ecsApi.ts";
import { emptyMemory, isScalingUp, nextEvent } from "./nextEvent.ts";
import { whyNotUp } from "./whyNotUp.ts";

export interface EcsDeploymentArgs {
  arn: string;
  address: ServiceAddress;
  taskDefinition: string;
  /** Minutes until a deployment that still scales up is given up. */
  scaleUpMinutes: number;
}

/** Seconds of cloud time between two looks; while a pause waits for us, only somebody else can bring news. */
const lookSeconds = 5;
const pausedLookSeconds = 15;

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

  /** @throws CheckFailed `scale-up`, when the tasks are not healthy in time. */
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
    await this.#api.continueServiceDeployment({
      serviceDeploymentArn: this.id,
      hookId: id,
      action: verdict === "continue" ? "CONTINUE" : "ROLLBACK",
    });
    this.#undone ||= verdict === "rollBack";
  }

  async rollBack(_reason: string): Promise<void> {
    this.#paused = false;
    this.#undone = true;
    await requestRollBack(this.#api, this.id);
  }

  async #look(signal: AbortSignal): Promise<ServiceDeployment | undefined> {
    return (await this.#deployments.describe([this.id], signal))[0];
  }

  async #limitScaleUp(deployment: ServiceDeployment, signal: AbortSignal): Promise<void> {
    if (this.#undone || !isScalingUp(deployment)) return;
    const { scaleUpMinutes, address, taskDefinition } = this.#args;
    const since = deployment.startedAt?.getTime() ?? deployment.createdAt?.getTime() ?? this.#since;
    if (this.#clock.now() < since + scaleUpMinutes * 60_000) return;
    const { requestedTaskCount = 0, runningTaskCount = 0 } = deployment.targetServiceRevision ?? {};
    const why = await whyNotUp(this.#api, address, taskDefinition, signal);
    throw new CheckFailed(
      "scale-up",
      `${runningTaskCount} of ${requestedTaskCount} tasks running, not all healthy after ${scaleUpMinutes} min${why}`,
    );
  }
}

/**
 * Asks ECS to undo a deployment.
 *
 * @throws Error in ECS's words, when it refuses for another reason than that the deployment is being undone already.
 */
export async function requestRollBack(api: EcsApi, arn: string): Promise<void> {
  try {
    await api.stopServiceDeployment({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
  } catch (error) {
    if (!isTooLate(error)) throw error;
    const { serviceDeployments } = await api.describeServiceDeployments({
      serviceDeploymentArns: [arn],
    });
    const status = serviceDeployments?.[0]?.status;
    if (status === undefined || /^(ROLLBACK_|STOP)/.test(status)) return;
    throw new Error(`${messageOf(error)} (the deployment is ${status})`);
  }
}
