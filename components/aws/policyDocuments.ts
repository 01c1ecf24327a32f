/** Trust policy: only `service` may take the role on. */
export function assumableBy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

/**
 * ARNs of the policies by AWS that are used as they are, because AWS changes them with its
 * services.
 */
export const managedPolicies = {
  /** Lets an instance register with its cluster. */
  containerInstance: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
  /** Lets an operator open a session on an instance without SSH. */
  sessionManager: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
  /**
   * Lets ECS move the traffic of a deployment. Unlike its siblings it has no `service-role/` in its
   * path.
   */
  loadBalancerInfrastructure:
    "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
} as const;
