import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumableBy } from "./policyDocuments.ts";
import { secretResource } from "./secretResource.ts";
import type { Tags } from "./tags.ts";

export interface TaskRolesArgs {
  logGroupArn: pulumi.Input<string>;
  /**
   * ARN of the ECR repository that the image is pulled from. @default none: the registry asks for
   * no credentials
   */
  repositoryArn?: pulumi.Input<string>;
  /** ARNs of the secrets and parameters that are handed to the container. */
  secretArns: readonly string[];
  tags: Tags;
}

/**
 * Two roles, so that the platform can't do what starting it needs: ECS pulls the image, reads the
 * secrets and writes logs as one; the platform itself acts as the other, which may do nothing.
 */
export class TaskRoles extends pulumi.ComponentResource {
  /** ARN; whoever uses it waits for the role's policy. */
  readonly executionRoleArn: pulumi.Output<string>;
  readonly taskRoleArn: pulumi.Output<string>;

  constructor(name: string, args: TaskRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:TaskRoles", name, {}, opts);
    const role = (purpose: string) =>
      new aws.iam.Role(
        `${name}-${purpose}`,
        { assumeRolePolicy: assumableBy("ecs-tasks.amazonaws.com"), tags: { ...args.tags } },
        { parent: this },
      );
    const execution = role("execution");
    const policy = new aws.iam.RolePolicy(
      `${name}-execution`,
      { role: execution.name, policy: executionPolicy(args) },
      { parent: this },
    );
    this.executionRoleArn = pulumi.all([execution.arn, policy.id]).apply(([arn]) => arn);
    this.taskRoleArn = role("task").arn;
    this.registerOutputs({
      executionRoleArn: this.executionRoleArn,
      taskRoleArn: this.taskRoleArn,
    });
  }
}

function executionPolicy(args: TaskRolesArgs): pulumi.Output<string> {
  const logs = {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: pulumi.interpolate`${args.logGroupArn}:*`,
  };
  const image = args.repositoryArn === undefined ? [] : pullStatements(args.repositoryArn);
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [logs, ...image, ...secretStatements(args.secretArns)],
  });
}

function pullStatements(repositoryArn: pulumi.Input<string>) {
  return [
    // The token is for the registry as a whole: this action knows no narrower resource.
    { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Effect: "Allow",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
      ],
      Resource: repositoryArn,
    },
  ];
}

function secretStatements(arns: readonly string[]) {
  const secrets = [...new Set(arns)].toSorted().map(secretResource);
  return (["secretsmanager:GetSecretValue", "ssm:GetParameters"] as const)
    .map((action) => ({
      Effect: "Allow",
      Action: action,
      Resource: secrets
        .filter((secret) => secret.action === action)
        .map((secret) => secret.resource),
    }))
    .filter(({ Resource }) => Resource.length > 0);
}
