import { type Calling, connectedServices } from "../serviceCalls.ts";
import { secretResource } from "./secretResource.ts";

/** The part of an endpoint's service name that comes after the region: `com.amazonaws.<region>.ecr.api`. */
export type EndpointService =
  | "ecr.api"
  | "ecr.dkr"
  | "ecs"
  | "ecs-agent"
  | "ecs-telemetry"
  | "logs"
  | "secretsmanager"
  | "ssm"
  | "ssmmessages";

export interface EndpointNeeds {
  /** What the tasks run on. */
  compatibility: "EC2" | "FARGATE";
  /** ARNs of the secrets and parameters that are handed to the containers of all services. */
  secretArns: readonly string[];
  /** Whether the services find each other by ECS Service Connect. */
  serviceConnect: boolean;
}

/** What services need endpoints for, whatever their tasks run on. */
export function needsOf(
  services: readonly (Calling & { secrets: Readonly<Record<string, string>> })[],
): Omit<EndpointNeeds, "compatibility"> {
  return {
    secretArns: services.flatMap(({ secrets }) => Object.values(secrets)),
    serviceConnect: connectedServices(services).size > 0,
  };
}

/**
 * The AWS services that tasks, and the instances under them, have to reach before anything of the
 * platform's own runs; S3, which the layers of images come from, is reached by its gateway endpoint.
 *
 * Fargate from platform version 1.4.0 pulls by both endpoints of ECR, and needs none of ECS: what
 * manages its tasks has a network interface of its own. Sources: "Amazon ECR interface VPC endpoints",
 * "Amazon ECS interface VPC endpoints" and, for Session Manager, "Improve the security of EC2 instances
 * by using VPC endpoints for Systems Manager".
 *
 * @returns each once; those of ECS in the order in which they have to be created.
 */
export function endpointsOf(needs: EndpointNeeds): EndpointService[] {
  const secrets = needs.secretArns.map((arn): EndpointService => {
    const { action } = secretResource(arn);
    return action === "ssm:GetParameters" ? "ssm" : "secretsmanager";
  });
  const instances: EndpointService[] = [
    "ecs-agent",
    "ecs-telemetry",
    "ecs",
    // Session Manager. The agent of AMIs since 2024 needs no ec2messages any more, which newer
    // regions don't have either.
    "ssm",
    "ssmmessages",
  ];
  return [
    ...new Set<EndpointService>([
      "ecr.api",
      "ecr.dkr",
      "logs",
      ...(needs.compatibility === "EC2" ? instances : []),
      // Envoy is configured through it.
      ...(needs.serviceConnect ? (["ecs-agent"] as const) : []),
      ...secrets,
    ]),
  ];
}
