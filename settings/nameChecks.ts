/** Longest name of a load balancer (ELB API reference, CreateLoadBalancer), less what Pulumi adds to make it unique. */
const longestProject = 32 - 8;

/** Names of project and stack that would be part of a name which AWS refuses. */
export function nameProblems(project: string, stack: string): string[] {
  return [
    ...(/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(project) &&
    project.length <= longestProject &&
    !/^(aws|ecs|fargate|internal-)/.test(project)
      ? []
      : [
          `name in Pulumi.yaml is "${project}". Allowed: 1 to ${longestProject} lower-case letters, digits and hyphens that ` +
            "start with a letter, don't end with a hyphen, and don't start with aws, ecs, fargate or internal-: load " +
            "balancer, cluster and capacity are named for the project. Rename it.",
        ]),
    ...(/^[\w-]{1,100}$/.test(stack)
      ? []
      : [
          `the stack is called "${stack}". Allowed: 1 to 100 letters, digits, _ and -: task definitions are named for it. ` +
            "Run `pulumi stack rename NAME`.",
        ]),
  ];
}
