import type {
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  DeploymentLifecycleHookStage,
  LoadBalancer,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import type { EcsContext } from "./ports.ts";
import type { ServiceSpec } from "./serviceSpec.ts";

/**
 * Refuses what CreateService and UpdateService refuse at once; what ECS finds out only later is found out later here too.
 *
 * @throws AwsError InvalidParameterException; UnsupportedFeatureException for what no rehearsal can do.
 */
export async function validateService(
  spec: ServiceSpec,
  definition: TaskDefinition,
  { subnets, loadBalancing }: Pick<EcsContext, "subnets" | "loadBalancing">,
): Promise<void> {
  if (!Number.isInteger(spec.desiredCount) || spec.desiredCount < 0) {
    throw invalid(`desiredCount must be a whole number of at least 0, not ${spec.desiredCount}.`);
  }
  const { strategy = "ROLLING" } = spec.deploymentConfiguration;
  if (strategy === "ROLLING") {
    throw new AwsError(
      "UnsupportedFeatureException",
      "Deployment strategy ROLLING is not rehearsed; use BLUE_GREEN, CANARY or LINEAR.",
    );
  }
  checkDeployment(spec.deploymentConfiguration);
  const { awsvpcConfiguration: network } = spec.networkConfiguration ?? {};
  if (!network?.subnets?.length) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  for (const id of network.subnets) {
    if (!subnets(id)) throw invalid(`The subnet ID '${id}' does not exist.`);
  }
  if (network.assignPublicIp === "ENABLED") {
    throw invalid("Assign public IP is not supported for this launch type.");
  }
  if (spec.serviceRegistries.length > 0) {
    throw new AwsError("UnsupportedFeatureException", "serviceRegistries are not rehearsed.");
  }
  await checkLoadBalancers(spec.loadBalancers, definition, loadBalancing);
}

function checkDeployment(configuration: DeploymentConfiguration): void {
  const { canaryConfiguration: canary, linearConfiguration: linear, strategy } = configuration;
  if (canary && strategy !== "CANARY") {
    throw invalid(`canaryConfiguration is only valid with strategy CANARY, not ${strategy}.`);
  }
  if (linear && strategy !== "LINEAR") {
    throw invalid(`linearConfiguration is only valid with strategy LINEAR, not ${strategy}.`);
  }
  checkRange("canaryPercent", canary?.canaryPercent, 0.1, 100);
  checkRange("stepPercent", linear?.stepPercent, 3, 100);
  checkRange("bakeTimeInMinutes", configuration.bakeTimeInMinutes, 0, 1440);
  checkRange("canaryBakeTimeInMinutes", canary?.canaryBakeTimeInMinutes, 0, 1440);
  checkRange("stepBakeTimeInMinutes", linear?.stepBakeTimeInMinutes, 0, 1440);
  for (const hook of configuration.lifecycleHooks ?? []) checkHook(hook);
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

async function checkLoadBalancers(
  balancers: readonly LoadBalancer[],
  definition: TaskDefinition,
  loadBalancing: EcsContext["loadBalancing"],
): Promise<void> {
  if (balancers.length > 1) {
    throw new AwsError(
      "UnsupportedFeatureException",
      `A rehearsed service has one load balancer entry at most, not ${balancers.length}.`,
    );
  }
  for (const { targetGroupArn, containerName, containerPort, advancedConfiguration } of balancers) {
    const container = definition.containerDefinitions?.find(({ name }) => name === containerName);
    if (!container) {
      throw invalid(`The container ${containerName} does not exist in the task definition.`);
    }
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalid(
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
    if (!targetGroupArn) throw invalid("targetGroupArn is required for every load balancer.");
    if (!advancedConfiguration) {
      throw invalid(
        "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
      );
    }
    const { alternateTargetGroupArn, productionListenerRule, testListenerRule, roleArn } =
      advancedConfiguration;
    if (!alternateTargetGroupArn) throw invalid("alternateTargetGroupArn is required.");
    if (alternateTargetGroupArn === targetGroupArn) {
      throw invalid(`Duplicate targetGroupArn found: ${targetGroupArn}`);
    }
    if (!roleArn) throw invalid("roleArn is required in advancedConfiguration.");
    checkRule("productionListenerRule", productionListenerRule);
    if (testListenerRule !== undefined) checkRule("testListenerRule", testListenerRule);
    if (productionListenerRule === testListenerRule) {
      throw invalid(
        `The following rules cannot be used as both production and test listener rules: ${testListenerRule}`,
      );
    }
    for (const arn of [targetGroupArn, alternateTargetGroupArn]) {
      await checkTargetGroup(arn, loadBalancing);
    }
  }
}

async function checkTargetGroup(
  arn: string,
  loadBalancing: EcsContext["loadBalancing"],
): Promise<void> {
  const { TargetGroups = [] } = await loadBalancing
    .describeTargetGroups({ TargetGroupArns: [arn] })
    .catch(() => ({ TargetGroups: [] }));
  const [group] = TargetGroups;
  if (!group) throw invalid(`The specified target group does not exist. (${arn})`);
  if (group.TargetType !== "ip") {
    throw invalid(
      `The provided target group ${arn} has target type ${group.TargetType}, which is incompatible with the ` +
        "awsvpc network mode specified in the task definition.",
    );
  }
  if (!group.LoadBalancerArns?.length) {
    throw invalid(
      `The target group with targetGroupArn ${arn} does not have an associated load balancer.`,
    );
  }
}

function checkRule(key: string, arn: string | undefined): void {
  if (arn?.includes(":listener-rule/")) return;
  throw invalid(
    `${key} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
  );
}

function checkRange(key: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (value >= low && value <= high)) return;
  throw invalid(`${key} must be between ${low} and ${high}, not ${value}.`);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
