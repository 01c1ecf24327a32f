import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerCheck } from "../healthChecks.ts";
import { besideProxy } from "./connectProxy.ts";
import { containerDefinition, scratchVolume } from "./containerDefinition.ts";
import { portName } from "./serviceConnect.ts";
import type { Tags } from "./tags.ts";
import { TaskRoles } from "./taskRoles.ts";

export interface TaskDefinitionArgs {
  /** Name that the revisions are counted under; one for each service of each stack. */
  family: string;
  /** `repository@sha256:…` */
  image: pulumi.Input<string>;
  /** ARN of the ECR repository that the image is pulled from. @default none */
  repositoryArn?: pulumi.Input<string>;
  /** `EC2` or `FARGATE`. */
  compatibility: "EC2" | "FARGATE";
  architecture: "x86_64" | "arm64";
  port: number;
  /** Whether its service has Service Connect, whose proxy takes a part of the task's size. @default false */
  connected?: boolean;
  /** CPU units; 1024 are one vCPU. */
  cpu: number;
  /** Memory in MiB. */
  memory: number;
  environment: pulumi.Input<Readonly<Record<string, string>>>;
  /** Environment name → ARN of a Secrets Manager secret or SSM parameter. */
  secrets: Readonly<Record<string, string>>;
  check: ContainerCheck;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeoutSeconds: number;
  /** User and group of the platform. @default 10001:10001, as in its Dockerfile */
  user?: string;
  /** Storage of a task on Fargate in GiB, from 21 to 200. @default what there is: 20 on Fargate */
  ephemeralStorageGib?: number | undefined;
  logRetentionDays: pulumi.Input<number>;
  region: string;
  /**
   * Whether the revision stays as it is, whatever else is said here: the service runs another one,
   * and none is to be registered. Roles and log group still follow what is said. @default false
   */
  frozen?: boolean;
  tags: Tags;
}

/** What a task of a service is: one revision for each release, with its roles and its log group. */
export class TaskDefinition extends pulumi.ComponentResource {
  /** ARN with its revision number. */
  readonly arn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: TaskDefinitionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:TaskDefinition", name, {}, opts);
    const tags = { ...args.tags };
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: args.logRetentionDays, tags },
      { parent: this },
    );
    const roles = new TaskRoles(
      name,
      {
        logGroupArn: logGroup.arn,
        ...(args.repositoryArn !== undefined && { repositoryArn: args.repositoryArn }),
        secretArns: Object.values(args.secrets),
        tags,
      },
      { parent: this },
    );
    const containers = pulumi
      .all([args.image, args.environment, logGroup.name])
      .apply(([image, environment, logGroupName]) =>
        JSON.stringify([
          containerDefinition({
            ...(args.connected ? { ...besideProxy(args), portName } : args),
            name,
            image,
            environment,
            user: args.user ?? "10001:10001",
            logGroup: logGroupName,
          }),
        ]),
      );
    const revision: aws.ecs.TaskDefinitionArgs = {
      family: args.family,
      requiresCompatibilities: [args.compatibility],
      networkMode: "awsvpc",
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: args.architecture === "arm64" ? "ARM64" : "X86_64",
      },
      cpu: String(args.cpu),
      memory: String(args.memory),
      // Always a key, so that a frozen revision keeps the storage that nobody asks for any more.
      ephemeralStorage:
        args.ephemeralStorageGib === undefined
          ? undefined
          : { sizeInGib: args.ephemeralStorageGib },
      volumes: [{ name: scratchVolume }],
      executionRoleArn: roles.executionRoleArn,
      taskRoleArn: roles.taskRoleArn,
      containerDefinitions: containers,
      // ECS can't go back to a revision that has been taken out of service.
      skipDestroy: true,
      tags,
    };
    const definition = new aws.ecs.TaskDefinition(name, revision, {
      parent: this,
      // By their names: what a wildcard stands for is each provider's own affair.
      ...(args.frozen && { ignoreChanges: Object.keys(revision) }),
    });
    this.arn = definition.arn;
    this.logGroupName = logGroup.name;
    this.registerOutputs({ arn: this.arn });
  }
}
