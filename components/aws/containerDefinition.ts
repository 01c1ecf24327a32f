import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { ContainerCheck } from "../healthChecks.ts";
import { awsLogs } from "./awsLogs.ts";

export interface ContainerDefinitionArgs {
  /** Name of the container, which the load balancer's registration uses too. */
  name: string;
  /** `repository@sha256:…` */
  image: string;
  port: number;
  /** What Service Connect knows the port by. @default it doesn't */
  portName?: string;
  cpu: number;
  memory: number;
  environment: Readonly<Record<string, string>>;
  /** Environment name → ARN of a Secrets Manager secret or SSM parameter. */
  secrets: Readonly<Record<string, string>>;
  check: ContainerCheck;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeoutSeconds: number;
  /** User and group that the platform runs as; never root. */
  user: string;
  logGroup: string;
  region: string;
}

/** The task's only volume: empty at its start, gone with it. */
export const scratchVolume = "scratch";

/** The one container of a service's task, as a task definition writes it. */
export function containerDefinition(args: ContainerDefinitionArgs): ContainerDefinition {
  return {
    name: args.name,
    image: args.image,
    essential: true,
    cpu: args.cpu,
    memory: args.memory,
    user: args.user,
    privileged: false,
    readonlyRootFilesystem: true,
    // Python, like most of what runs, takes it for granted. On Fargate only root may write there unless the image
    // declares it as a VOLUME.
    mountPoints: [{ sourceVolume: scratchVolume, containerPath: "/tmp", readOnly: false }],
    portMappings: [
      {
        containerPort: args.port,
        hostPort: args.port,
        protocol: "tcp",
        ...(args.portName !== undefined && { name: args.portName, appProtocol: "http" }),
      },
    ],
    environment: sorted(args.environment).map(([name, value]) => ({ name, value })),
    secrets: sorted(args.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    // ECS pays no attention to the HEALTHCHECK in an image.
    healthCheck: {
      command: args.check.command,
      interval: args.check.intervalSeconds,
      timeout: args.check.timeoutSeconds,
      retries: args.check.retries,
      ...(args.check.startPeriodSeconds > 0 && { startPeriod: args.check.startPeriodSeconds }),
    },
    stopTimeout: args.stopTimeoutSeconds,
    linuxParameters: {
      // Each health check is a process, and Python as number 1 would reap none of them.
      initProcessEnabled: true,
      // ECS answers with an empty list where there is none, which the provider takes for a change.
      capabilities: { add: [], drop: ["ALL"] },
    },
    logConfiguration: awsLogs({ group: args.logGroup, region: args.region, prefix: args.name }),
  };
}

/** By name: the order in the settings must not make a new revision. */
function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
