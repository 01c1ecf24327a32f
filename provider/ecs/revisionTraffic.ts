import type { ServiceRevision } from "@aws-sdk/client-ecs";

/**
 * ARN of the target group in which a revision takes its traffic; undefined while ECS has not decided. Only where ECS
 * has a choice does it say what it has resolved.
 */
export function groupOf(revision: ServiceRevision | undefined): string | undefined {
  const resolved = revision?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn;
  if (resolved !== undefined) return resolved;
  const [given] = revision?.loadBalancers ?? [];
  return given?.advancedConfiguration ? undefined : given?.targetGroupArn;
}

/** ARN of the rule whose weights are a revision's production traffic. */
export function ruleOf(revision: ServiceRevision | undefined): string | undefined {
  const [resolved] = revision?.resolvedConfiguration?.loadBalancers ?? [];
  const [given] = revision?.loadBalancers ?? [];
  return resolved?.productionListenerRule ?? given?.advancedConfiguration?.productionListenerRule;
}
