import type {
  DeploymentLifecycleHook,
  DeploymentLifecycleHookAction,
  DeploymentLifecycleHookDetail,
  DeploymentLifecycleHookStage,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import type { EcsContext } from "./ports.ts";
import { RollbackError } from "./rollbackError.ts";

type Verdict = { action: DeploymentLifecycleHookAction; by: "api" | "timeout" };

interface OpenPause {
  detail: DeploymentLifecycleHookDetail;
  answer: (verdict: Verdict) => void;
}

/** The pause hooks of one deployment. */
export class Pauses {
  /** Every hook that this deployment reached, oldest first. */
  readonly details: DeploymentLifecycleHookDetail[] = [];
  readonly #open = new Map<string, OpenPause>();
  readonly #context: EcsContext;
  readonly #hooks: readonly DeploymentLifecycleHook[];

  constructor(context: EcsContext, hooks: readonly DeploymentLifecycleHook[]) {
    this.#context = context;
    this.#hooks = hooks;
  }

  /**
   * Waits for a verdict on each hook of the stage.
   *
   * @throws RollbackError when a verdict, or a time-out's action, is ROLLBACK; the signal's reason when it aborts.
   */
  async wait(
    stage: DeploymentLifecycleHookStage,
    onVerdict: (verdict: Verdict) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const hooks = this.#hooks.filter((hook) => hook.lifecycleStages?.includes(stage));
    const verdicts = await Promise.all(
      hooks.map(async (hook) => {
        const verdict = await this.#pause(hook, signal);
        onVerdict(verdict);
        return verdict;
      }),
    );
    const refused = verdicts.find(({ action }) => action === "ROLLBACK");
    if (!refused) return;
    throw new RollbackError(
      `Service deployment rolled back because ${stage} pause hook ` +
        (refused.by === "timeout" ? "timed out." : "was answered with ROLLBACK."),
    );
  }

  /** @throws AwsError InvalidParameterException, by ECS's own texts. */
  answer(hookId: string, action: DeploymentLifecycleHookAction): void {
    if (!/^ecs-[a-z]+-.+$/.test(hookId)) {
      throw new AwsError(
        "InvalidParameterException",
        "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}",
      );
    }
    const pause = this.#open.get(hookId);
    if (!pause) {
      throw new AwsError(
        "InvalidParameterException",
        "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN",
      );
    }
    this.#open.delete(hookId);
    pause.detail.status = action === "CONTINUE" ? "SUCCEEDED" : "FAILED";
    pause.answer({ action, by: "api" });
  }

  async #pause(hook: DeploymentLifecycleHook, signal: AbortSignal): Promise<Verdict> {
    const { clock, ids, sabotage } = this.#context;
    const { timeoutInMinutes = 1440, action = "ROLLBACK" } = hook.timeoutConfiguration ?? {};
    const hookId = `ecs-pause-${ids.hex(32)}`;
    const detail: DeploymentLifecycleHookDetail = {
      hookId,
      targetType: "PAUSE",
      status: "AWAITING_ACTION",
      expiresAt: new Date(clock.now() + timeoutInMinutes * 60_000),
      timeoutAction: action,
    };
    this.details.push(detail);
    const answered = new AbortController();
    try {
      return await new Promise<Verdict>((resolve, reject) => {
        this.#open.set(hookId, { detail, answer: resolve });
        clock.sleep(timeoutInMinutes * 60, AbortSignal.any([signal, answered.signal])).then(() => {
          if (!this.#open.delete(hookId)) return;
          detail.status = "TIMED_OUT";
          resolve({
            action: sabotage.pauseTimeoutContinues ? "CONTINUE" : action,
            by: "timeout",
          });
        }, reject);
      });
    } catch (error) {
      if (detail.status === "AWAITING_ACTION") detail.status = "FAILED";
      throw error;
    } finally {
      this.#open.delete(hookId);
      answered.abort();
    }
  }
}
