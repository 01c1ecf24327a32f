import {
  cloudRunServiceName,
  isCloudRunServiceName,
  longestServiceName,
} from "../components/gcp/names.ts";
import { keyName } from "./problems.ts";

/** Longest name of a load balancer (ELB API reference, CreateLoadBalancer), less the eight characters that Pulumi adds. */
const longestProject = 32 - 8;

/**
 * What a load balancer (`internal-`), a security group (`sg-`) and a capacity provider (the others) must not begin with:
 * ELB API reference, CreateLoadBalancer; EC2 API reference, CreateSecurityGroup; ECS API reference,
 * CreateCapacityProvider.
 */
const reservedPrefixes = ["aws", "ecs", "fargate", "internal-", "sg-"];

/** Leaves room for project and service in the family of a task definition, which has 255 characters. */
const longestStack = 100;

/** A name of the project by which resources on AWS could not be named. */
export function projectProblems(project: string): string[] {
  const isName = /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(project) && project.length <= longestProject;
  if (isName && !reservedPrefixes.some((prefix) => project.startsWith(prefix))) return [];
  return [
    `name in Pulumi.yaml is "${project}". Allowed: 1 to ${longestProject} lower-case letters, digits and hyphens that ` +
      `start with a letter, don't end with a hyphen, and don't start with ${reservedPrefixes.join(", ")}: load balancer, ` +
      "security groups and capacity provider are named for the project. Rename it.",
  ];
}

/** A name of the stack by which task definitions could not be named. */
export function stackProblems(stack: string): string[] {
  if (/^[\w-]+$/.test(stack) && stack.length <= longestStack) return [];
  return [
    `the stack is called "${stack}". Allowed: 1 to ${longestStack} letters, digits, _ and -: task definitions are named ` +
      "for it. Run `pulumi stack rename NAME`.",
  ];
}

/** Names by which services on Cloud Run could not be named: each has those of the project and of the stack before its own. */
export function cloudRunNameProblems(
  project: string,
  stack: string,
  services: readonly string[],
): string[] {
  const form = "lower-case letters, digits and hyphens";
  const because = "services on Cloud Run are named PROJECT-STACK-SERVICE";
  const wrong = [
    ...(isCloudRunServiceName(`${project}-a`)
      ? []
      : [
          `name in Pulumi.yaml is "${project}". Allowed: ${form} that start with a letter, as ${because}. Rename it.`,
        ]),
    ...(isCloudRunServiceName(`a-${stack}-a`)
      ? []
      : [
          `the stack is called "${stack}". Allowed: ${form}, as ${because}. Run \`pulumi stack rename NAME\`.`,
        ]),
  ];
  if (wrong.length > 0) return wrong;
  return (
    services
      .map((service) => ({ service, name: cloudRunServiceName(project, stack, service) }))
      // A name that is none by itself is a problem of its own.
      .filter(({ name }) => name.length > longestServiceName)
      .map(
        ({ service, name }) =>
          `${keyName(["services", service])} would be called "${name}" on Cloud Run (${name.length} characters). Allowed: at most ${longestServiceName} ${form}: ${because}. Rename the service, or the stack with \`pulumi stack rename NAME\`.`,
      )
  );
}
