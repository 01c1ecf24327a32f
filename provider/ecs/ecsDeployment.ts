import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import type {
  Checkpoint,
  Deployment,
  DeploymentEvent,
  Sides,
  TaskFailures,
} from "../deploymentController.ts";
import type { Strategy } from "../messages.ts";
import { Patience } from "../patience.ts";
import { Deployments, goesForward } from "./deployments.ts";
import { type EcsApi, isTooLate, type ServiceAddress } from "./ecsApi.ts";
import { failedTasks, tasksFailedSince } from "./failedTasks.ts";
import { breaksByItself, emptyMemory, isScalingUp, nextEvent } from "./nextEvent.ts";
import { openPauses } from "./openPause.ts";
import { requestRollBack } from "./requestRollBack.ts";
import { groupOf } from "./revisionTraffic.ts";
import { whyNotUp } from "./whyNotUp.ts";

export interface EcsDeploymentArgs {
  arn: string;
  address: ServiceAddress;
  taskDefinition: string;
  strategy: Strategy;
  /** Minutes until a deployment that still scales up is given up. */
  scaleUpMinutes: number;
}

/** Seconds of cloud time between two looks; while a pause waits for us, only somebody else can bring news. */
export const lookSeconds = 5;
export const pausedLookSeconds = 15;

/** Looks in a row at which ECS may not know the deployment: it lists them eventually. */
const missingLooks = 12;

/** The same, at which it may not have decided on a target group. */
const undecidedLooks = 12;

/** One service deployment, followed by polling. */
export class EcsDeployment implements Deployment {
  readonly id: string;
  readonly revision: string;
  readonly hasCheckpoints: boolean;
  readonly #args: EcsDeploymentArgs;
  readonly #api: EcsApi;
  readonly #deployments: Deployments;
  /** The same, where each question is asked once. */
  readonly #looks: Deployments;
  readonly #patience: Patience;
  readonly #clock: Clock;
  readonly #memory = emptyMemory();
  readonly #since: number;
  #paused = false;
  #undone = false;
  #blind = false;
  #lastSeen: string | undefined;
  #sides: Sides | undefined;

  /** @param patience - with which the API is asked for everything but looks, which tell what they wait for. */
  constructor(
    args: EcsDeploymentArgs,
    api: EcsApi,
    clock: Clock,
    patience: Patience = new Patience(clock, "AWS"),
  ) {
    this.id = args.arn;
    this.revision = args.taskDefinition;
    this.hasCheckpoints = args.strategy !== "ROLLING";
    this.#args = args;
    this.#api = patience.wrap(api);
    this.#deployments = new Deployments(this.#api, args.address);
    this.#looks = new Deployments(api, args.address);
    this.#patience = patience;
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** What was last known of it, in words; undefined before the first look. */
  get lastSeen(): string | undefined {
    return this.#lastSeen;
  }

  /** @throws CheckFailed when ECS names no target group of the candidate. */
  async sides(signal: AbortSignal): Promise<Sides> {
    for (let looks = 0; !this.#sides; looks += 1) {
      if (looks > undecidedLooks) {
        throw new CheckFailed("deployment", `ECS names no target group of ${this.id}`);
      }
      if (looks > 0) await this.#clock.sleep(lookSeconds, signal);
      this.#sides = await this.#findSides(signal);
    }
    return this.#sides;
  }

  failures(signal: AbortSignal): Promise<TaskFailures> {
    const { address, taskDefinition } = this.#args;
    return tasksFailedSince(this.#api, address, taskDefinition, signal);
  }

  /**
   * @throws CheckFailed `scale-up`, when the tasks are not healthy in time, or too many of them fail; `deployment`,
   *   when ECS can't be asked, or does not know the deployment any more.
   */
  async next(signal: AbortSignal): Promise<DeploymentEvent> {
    for (let missing = 0; ; ) {
      // Not before the news of a look that failed has been told.
      if (this.#blind) await this.#clock.sleep(lookSeconds, signal);
      const { deployment, fault } = await this.#look(signal);
      this.#blind = fault !== undefined;
      if (fault !== undefined) return { kind: "progress", message: fault };
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
    return !openPauses(deployment).some(({ hookId }) => hookId === hook);
  }

  async #look(
    signal: AbortSignal,
  ): Promise<{ deployment?: ServiceDeployment | undefined; fault?: string }> {
    try {
      const [deployment] = await this.#looks.describe([this.id], signal);
      this.#patience.answered();
      if (deployment) this.#lastSeen = describeSeen(deployment, this.#clock.now());
      return { deployment };
    } catch (error) {
      signal.throwIfAborted();
      return { fault: this.#patience.failed(error, this.#lastSeen) };
    }
  }

  async #findSides(signal: AbortSignal): Promise<Sides | undefined> {
    const [deployment] = await this.#deployments.describe([this.id], signal);
    const { arn } = deployment?.targetServiceRevision ?? {};
    const candidate = groupOf(await this.#deployments.revision(arn, signal));
    if (candidate === undefined) return undefined;
    const live = groupOf(await this.#deployments.settledRevision(signal, this.id));
    return { candidate, ...(live !== undefined && { live }) };
  }

  async #limitScaleUp(deployment: ServiceDeployment, signal: AbortSignal): Promise<void> {
    if (this.#undone || !isScalingUp(deployment, this.#args.strategy)) return;
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
    if (breaksByItself(deployment)) return;
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

function describeSeen(deployment: ServiceDeployment, now: number): string {
  const { status, lifecycleStage, targetServiceRevision: candidate } = deployment;
  const where = lifecycleStage ? `${status} at ${lifecycleStage}` : `${status}`;
  const weight = candidate?.requestedProductionTrafficWeight;
  const share = weight === undefined ? "" : `, the candidate with ${weight} % of the traffic`;
  return `${where}${share}, ${new Date(now).toISOString()}`;
}
