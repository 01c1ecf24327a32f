import type {
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  DeploymentLifecycleHookStage,
  LoadBalancer,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { isRolling } from "./stagePlan.ts";

/**
 * Refuses a way of deploying that the API refuses.
 *
 * @throws AwsError InvalidParameterException; UnsupportedFeatureException for what no rehearsal can do.
 */
export function checkDeployment(configuration: DeploymentConfiguration): void {
  const { canaryConfiguration: canary, linearConfiguration: linear, strategy } = configuration;
  if (canary && strategy !== "CANARY") {
    throw invalid(`canaryConfiguration is only valid with strategy CANARY, not ${strategy}.`);
  }
  if (linear && strategy !== "LINEAR") {
    throw invalid(`linearConfiguration is only valid with strategy LINEAR, not ${strategy}.`);
  }
  checkTenths("canaryPercent", canary?.canaryPercent, 0.1, 100);
  checkTenths("stepPercent", linear?.stepPercent, 3, 100);
  checkRange("bakeTimeInMinutes", configuration.bakeTimeInMinutes, 0, 1440);
  checkRange("canaryBakeTimeInMinutes", canary?.canaryBakeTimeInMinutes, 0, 1440);
  checkRange("stepBakeTimeInMinutes", linear?.stepBakeTimeInMinutes, 0, 1440);
  for (const hook of configuration.lifecycleHooks ?? []) checkHook(hook);
  checkBatch(configuration);
  if (isRolling(configuration)) checkRolling(configuration);
}

export interface StrategyChange {
  from: DeploymentConfiguration;
  to: DeploymentConfiguration;
  /** A deployment is not over yet. */
  inFlight: boolean;
  /** Of the revision that is live. */
  balancers: readonly LoadBalancer[];
}

/**
 * Refuses a change between ROLLING and the strategies that shift traffic as long as it is not prepared as the
 * Developer Guide wants it ("Update the Amazon ECS deployment strategy"): no deployment is under way; and towards a
 * shift, a rolling deployment has already brought the load balancers' advancedConfiguration.
 *
 * @throws AwsError InvalidParameterException.
 */
export function checkStrategyChange({ from, to, inFlight, balancers }: StrategyChange): void {
  if (isRolling(from) === isRolling(to)) return;
  const change = `from ${from.strategy ?? "ROLLING"} to ${to.strategy ?? "ROLLING"}`;
  if (inFlight) {
    throw invalid(
      `The deployment strategy can't be changed ${change} while a service deployment is in progress. Wait until it ` +
        "has ended, or stop it.",
    );
  }
  if (isRolling(to) || balancers.every((one) => one.advancedConfiguration)) return;
  throw invalid(
    `The deployment strategy can't be changed ${change} yet: the running service revision has no ` +
      "advancedConfiguration for its load balancer. Add it first, which starts a rolling deployment, and change the " +
      "strategy after that.",
  );
}

/** How many tasks may run, and how many must. */
function checkBatch({
  maximumPercent = 200,
  minimumHealthyPercent = 100,
}: DeploymentConfiguration) {
  checkRange("minimumHealthyPercent", minimumHealthyPercent, 0, 100);
  if (!Number.isInteger(maximumPercent) || maximumPercent < 100) {
    throw invalid(`maximumPercent must be a whole number of at least 100, not ${maximumPercent}.`);
  }
  if (maximumPercent === 100 && minimumHealthyPercent === 100) {
    throw invalid(
      "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    );
  }
}

function checkRolling(configuration: DeploymentConfiguration): void {
  const { lifecycleHooks = [], bakeTimeInMinutes = 0, earlySuccessCriteria } = configuration;
  if (lifecycleHooks.length > 0) {
    throw invalid("lifecycleHooks are not supported with the ROLLING deployment strategy.");
  }
  const unsupported =
    bakeTimeInMinutes > 0
      ? "bakeTimeInMinutes"
      : earlySuccessCriteria?.enable
        ? "earlySuccessCriteria"
        : undefined;
  if (unsupported === undefined) return;
  throw new AwsError(
    "UnsupportedFeatureException",
    `${unsupported} of a ROLLING deployment is not rehearsed; leave it out.`,
  );
}

const pausable: ReadonlySet<string> = new Set<DeploymentLifecycleHookStage>([
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
]);

function checkHook({
  targetType = "AWS_LAMBDA",
  lifecycleStages = [],
  hookTargetArn,
  timeoutConfiguration,
}: DeploymentLifecycleHook): void {
  if (targetType !== "AWS_LAMBDA" && targetType !== "PAUSE") {
    throw invalid("Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE");
  }
  if (targetType === "AWS_LAMBDA") {
    throw new AwsError(
      "UnsupportedFeatureException",
      "Lifecycle hooks of targetType AWS_LAMBDA are not rehearsed; use PAUSE.",
    );
  }
  if (hookTargetArn !== undefined) {
    throw invalid("hookTargetArn is not applicable to hooks of targetType PAUSE.");
  }
  if (lifecycleStages.length === 0) throw invalid("A lifecycle hook needs lifecycleStages.");
  if (lifecycleStages.some((stage) => !pausable.has(stage))) {
    throw invalid("Invalid lifecycle stage provided for Pause Hook");
  }
  checkRange("timeoutInMinutes", timeoutConfiguration?.timeoutInMinutes, 1, 20_160);
}

/** A percentage in steps of 0.1 (API, `CanaryConfiguration` and `LinearConfiguration`). */
function checkTenths(key: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined) return;
  const tenths = Math.abs(value * 10 - Math.round(value * 10)) < 1e-9;
  if (tenths && value >= low && value <= high) return;
  throw invalid(`${key} must be a multiple of 0.1 between ${low} and ${high}, not ${value}.`);
}

function checkRange(key: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return;
  throw invalid(`${key} must be a whole number between ${low} and ${high}, not ${value}.`);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
