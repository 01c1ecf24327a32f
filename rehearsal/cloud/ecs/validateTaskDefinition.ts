import type { ContainerDefinition, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { refuseUnknown } from "./refuseUnknown.ts";
import { validateFargate } from "./validateFargate.ts";

/** What the rehearsal carries out, and what it only records; see docs/rehearsal-ecs.md. */
const taskFields: ReadonlySet<string> = new Set<keyof RegisterTaskDefinitionRequest>([
  ...([
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
  ] as const),
  ...(["requiresCompatibilities", "cpu", "memory", "tags", "runtimePlatform"] as const),
  ...(["placementConstraints", "enableFaultInjection", "ephemeralStorage"] as const),
  "volumes",
]);

const containerFields: ReadonlySet<string> = new Set<keyof ContainerDefinition>([
  ...(["name", "image", "cpu", "memory", "memoryReservation", "portMappings"] as const),
  ...(["essential", "entryPoint", "command", "environment", "secrets", "startTimeout"] as const),
  ...(["stopTimeout", "versionConsistency", "user", "readonlyRootFilesystem"] as const),
  ...(["privileged", "linuxParameters", "ulimits", "dockerLabels", "logConfiguration"] as const),
  ...(["healthCheck", "systemControls", "interactive", "pseudoTerminal", "mountPoints"] as const),
  "dockerSecurityOptions",
]);

/** @throws AwsError ClientException, or UnsupportedFeatureException for what no rehearsal can do. */
export function validateTaskDefinition(input: RegisterTaskDefinitionRequest): void {
  refuseUnknown(input, taskFields, "");
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(input.family ?? "")) {
    throw invalid("Family should match ^[a-zA-Z0-9-_]{1,255}$.");
  }
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) throw invalid("Container list cannot be empty.");
  if (containers.length > 1) {
    throw unsupported(
      `containerDefinitions has ${containers.length} entries; a rehearsed task is one container.`,
    );
  }
  if (input.networkMode !== "awsvpc") {
    throw unsupported(
      `networkMode '${input.networkMode ?? "bridge"}' is not rehearsed; use 'awsvpc'.`,
    );
  }
  for (const container of containers) checkContainer(container, input);
  checkSizes(input, containers);
  if (input.requiresCompatibilities?.includes("FARGATE")) validateFargate(input);
}

function checkContainer(
  container: ContainerDefinition,
  { memory, volumes = [] }: RegisterTaskDefinitionRequest,
): void {
  const { name, image, portMappings = [], environment = [], healthCheck, stopTimeout } = container;
  refuseUnknown(container, containerFields, `containerDefinitions '${name}': `);
  if (!name) throw invalid("Container.name should not be null or empty.");
  if (!image) throw invalid("Container.image should not be null or empty.");
  if (!container.memory && !container.memoryReservation && memory === undefined) {
    throw invalid(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (container.essential === false) {
    throw invalid("Invalid container settings: at least one container must be essential.");
  }
  for (const { containerPort, hostPort } of portMappings) {
    if (hostPort === undefined || hostPort === 0 || hostPort === containerPort) continue;
    throw invalid(
      "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
    );
  }
  const mounted = container.mountPoints?.find(
    ({ sourceVolume }) => !volumes.some((volume) => volume.name === sourceVolume),
  );
  if (mounted) throw invalid(`Unknown volume '${mounted.sourceVolume}'.`);
  const names = environment.map((variable) => variable.name ?? "");
  if (names.includes("")) throw invalid("Environment variable names must not be empty.");
  const secret = (container.secrets ?? []).find((one) => names.includes(one.name ?? ""));
  if (secret) {
    throw invalid(
      `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${secret.name}'.`,
    );
  }
  if (healthCheck && !["CMD", "CMD-SHELL", "NONE"].includes(healthCheck.command?.[0] ?? "")) {
    throw invalid("Health check command must begin with CMD or CMD-SHELL.");
  }
  if (stopTimeout !== undefined && stopTimeout < 2) {
    throw invalid(`stopTimeout ${stopTimeout} is below the minimum of 2 seconds.`);
  }
}

function checkSizes(
  { cpu, memory }: RegisterTaskDefinitionRequest,
  containers: readonly ContainerDefinition[],
): void {
  const wanted = (key: "cpu" | "memory") =>
    containers.reduce((sum, container) => sum + (container[key] ?? 0), 0);
  for (const [key, text] of [["cpu", cpu] as const, ["memory", memory] as const]) {
    if (text === undefined) continue;
    if (!/^\d+$/.test(text)) throw invalid(`Invalid '${key}' setting for task: '${text}'.`);
    if (wanted(key) > Number(text)) {
      throw invalid(
        `Invalid setting for containers: their '${key}' (${wanted(key)}) is more than the task's (${text}).`,
      );
    }
  }
  if (cpu !== undefined && (Number(cpu) < 128 || Number(cpu) > 196_608)) {
    throw invalid(`Invalid 'cpu' setting for task: ${cpu}; on EC2 it is 128 to 196608 CPU units.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ClientException", message);
}

function unsupported(message: string): AwsError {
  return new AwsError("UnsupportedFeatureException", message);
}
