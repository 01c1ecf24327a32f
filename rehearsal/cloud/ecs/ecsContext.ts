import { defaultLimits } from "./defaultLimits.ts";
import type { FirstFailureEnd } from "./ecsService.ts";
import type { EcsContext, EcsLimits, EcsSabotage } from "./ports.ts";

export interface EcsArgs
  extends Omit<
    EcsContext,
    "limits" | "sabotage" | "signal" | "secrets" | "namespaces" | "reaches"
  > {
  limits?: Partial<EcsLimits>;
  sabotage?: EcsSabotage;
  /** Value of a secret by its ARN. Default: there are none. */
  secrets?: EcsContext["secrets"];
  /** Default: there are none. */
  namespaces?: EcsContext["namespaces"];
  /** Default: security groups let everything through. */
  reaches?: EcsContext["reaches"];
  /**
   * How a first deployment that fails ends; there is nothing to roll back to.
   *
   * @default "ROLLBACK_FAILED"
   */
  firstFailureEndsAs?: FirstFailureEnd;
}

/** @param signal - of the control plane's end. */
export function ecsContext(
  {
    limits,
    sabotage = {},
    secrets = () => undefined,
    namespaces = () => false,
    reaches = () => true,
    ...ports
  }: Omit<EcsArgs, "firstFailureEndsAs">,
  signal: AbortSignal,
): EcsContext {
  return {
    ...ports,
    sabotage,
    secrets,
    namespaces,
    reaches,
    limits: { ...defaultLimits, ...limits },
    signal,
  };
}
