import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/index.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { onContainer } from "../support/containers.ts";
import { onType } from "../support/onType.ts";
import { looksSecret } from "../support/secretNames.ts";

export const ecsNonRoot: ResourceValidationPolicy = {
  name: "ecs-non-root",
  description: "A container does not run as root.",
  severity: "high",
  remediationSteps: "Set user to a number other than 0, such as 10001:10001.",
  validateResource: onContainer(({ user }, report) => {
    if (user === undefined) report("it names no user, so the image decides, which may be root.");
    else if (/^(0|root)(:|$)/.test(user)) report(`it runs as ${user}.`);
  }),
};

export const ecsNotPrivileged: ResourceValidationPolicy = {
  name: "ecs-not-privileged",
  description: "A container has no power over its host.",
  severity: "critical",
  remediationSteps: "Leave privileged unset.",
  validateResource: onContainer(({ privileged }, report) => {
    if (privileged === true) report("it is privileged.");
  }),
};

export const ecsNoPlaintextSecrets: ResourceValidationPolicy = {
  name: "ecs-no-plaintext-secrets",
  description: "Secrets come by reference, not in a container's environment.",
  severity: "critical",
  remediationSteps:
    "Keep the value in Secrets Manager or an SSM parameter; name its ARN in secrets.",
  validateResource: onContainer(({ environment = [] }, report) => {
    for (const { name = "", value = "" } of environment) {
      if (looksSecret(name) && value !== "") {
        report(`its variable ${name} looks like a secret in plain text.`);
      }
    }
  }),
};

export const ecsHealthCheck: ResourceValidationPolicy = {
  name: "ecs-health-check",
  description:
    "ECS checks a container's health: it pays no attention to the HEALTHCHECK of an image.",
  severity: "high",
  remediationSteps: "Set healthCheck on the essential container.",
  validateResource: onContainer(({ essential = true, healthCheck }, report) => {
    const command = healthCheck?.command ?? [];
    if (essential && (command.length === 0 || command[0] === "NONE")) {
      report("it has no health check.");
    }
  }),
};

export const ecsLogs: ResourceValidationPolicy = {
  name: "ecs-logs",
  description: "A container's output is kept outside its host.",
  severity: "medium",
  remediationSteps: "Set logConfiguration, with the driver awslogs or awsfirelens.",
  validateResource: onContainer(({ logConfiguration }, report) => {
    const driver = logConfiguration?.logDriver;
    if (driver === undefined || driver === "json-file") {
      report(`its log driver is ${driver ?? "not set"}.`);
    }
  }),
};

export const ecsReadOnlyRoot: ResourceValidationPolicy = {
  name: "ecs-read-only-root",
  description: "A container can't change its own image.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set readonlyRootFilesystem, and mount a volume where the platform has to write.",
  validateResource: onContainer(({ readonlyRootFilesystem }, report) => {
    if (readonlyRootFilesystem !== true) report("its root file system can be written to.");
  }),
};

export const ecsSeparateRoles: ResourceValidationPolicy = {
  name: "ecs-separate-roles",
  description: "The platform does not act with the rights that starting it needs.",
  severity: "high",
  remediationSteps: "Give executionRoleArn and taskRoleArn two different roles.",
  validateResource: onType<TaskDefinitionArgs>(
    "aws:ecs/taskDefinition:TaskDefinition",
    ({ executionRoleArn, taskRoleArn }, report) => {
      if (executionRoleArn === undefined) report("The task definition has no execution role.");
      if (taskRoleArn === undefined) report("The task definition has no task role.");
      if (taskRoleArn !== undefined && taskRoleArn === executionRoleArn) {
        report("Execution role and task role are the same.");
      }
    },
  ),
};
