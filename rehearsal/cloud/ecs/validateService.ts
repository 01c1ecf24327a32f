import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { launchTypeOf, type Provider } from "./capacityProviders.ts";
import type { EcsContext } from "./ports.ts";
import type { ServiceSpec } from "./serviceSpec.ts";
import { isRolling } from "./stagePlan.ts";
import { checkDeployment } from "./validateDeployment.ts";
import { validateServiceConnect } from "./validateServiceConnect.ts";

/**
 * Refuses what CreateService and UpdateService refuse at once; what ECS finds out only later is found out later here too.
 *
 * @throws AwsError InvalidParameterException; UnsupportedFeatureException for what no rehearsal can do.
 */
export async function validateService(
  spec: ServiceSpec,
  definition: TaskDefinition,
  providers: readonly Provider[],
  context: Pick<EcsContext, "subnets" | "namespaces" | "loadBalancing">,
): Promise<void> {
  const { subnets, loadBalancing } = context;
  if (!Number.isInteger(spec.desiredCount) || spec.desiredCount < 0) {
    throw invalid(`desiredCount must be a whole number of at least 0, not ${spec.desiredCount}.`);
  }
  checkDeployment(spec.deploymentConfiguration);
  const { awsvpcConfiguration: network } = spec.networkConfiguration ?? {};
  if (!network?.subnets?.length) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  for (const id of network.subnets) {
    if (!subnets(id)) throw invalid(`The subnet ID '${id}' does not exist.`);
  }
  checkLaunchType(spec, definition, providers);
  if (spec.serviceRegistries.length > 0) {
    throw new AwsError("UnsupportedFeatureException", "serviceRegistries are not rehearsed.");
  }
  validateServiceConnect(spec.serviceConnectConfiguration, definition, context);
  await checkLoadBalancers(spec, definition, loadBalancing);
}

function checkLaunchType(
  { networkConfiguration, placementStrategy, platformVersion }: ServiceSpec,
  { compatibilities = [] }: TaskDefinition,
  providers: readonly Provider[],
): void {
  const launchType = launchTypeOf(providers);
  if (!compatibilities.includes(launchType)) {
    throw invalid(`Task definition does not support launch_type ${launchType}.`);
  }
  if (launchType === "FARGATE") {
    if (placementStrategy.length > 0) {
      throw invalid("Placement strategies are not supported with FARGATE launch type.");
    }
    if (!["LATEST", "1.4.0", "1.3.0"].includes(platformVersion ?? "LATEST")) {
      throw new AwsError(
        "PlatformUnknownException",
        `The platform version ${platformVersion} is unknown.`,
      );
    }
    return;
  }
  if (platformVersion !== undefined) {
    throw invalid("The platform version must be null when specifying an EC2 launch type.");
  }
  if (networkConfiguration?.awsvpcConfiguration?.assignPublicIp === "ENABLED") {
    throw invalid("Assign public IP is not supported for this launch type.");
  }
}

async function checkLoadBalancers(
  { loadBalancers: balancers, deploymentConfiguration }: ServiceSpec,
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
    await checkTargetGroup(targetGroupArn, loadBalancing);
    if (!advancedConfiguration) {
      if (isRolling(deploymentConfiguration)) continue;
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
    await checkTargetGroup(alternateTargetGroupArn, loadBalancing);
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

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
