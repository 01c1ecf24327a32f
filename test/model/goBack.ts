import { CannotDo } from "../../operate/cannotDo.ts";
import { planRollback, type RollbackSituation } from "../../operate/planRollback.ts";
import type { EcsControl } from "../../provider/ecs/ecsControl.ts";

/**
 * What `npm run rollback` does, but for writing the pin.
 *
 * @returns the release to pin; undefined when there is none to go back to.
 */
export async function goBack(
  control: EcsControl,
  known: Pick<RollbackSituation, "stack" | "history" | "pin">,
): Promise<string | undefined> {
  const status = await control.status();
  try {
    const plan = planRollback({ ...known, service: "platform", status, to: undefined });
    if (plan.undo !== undefined) await control.abortNow("ada");
    return plan.refusal === undefined ? plan.release : undefined;
  } catch (error) {
    if (error instanceof CannotDo) return undefined;
    throw error;
  }
}
