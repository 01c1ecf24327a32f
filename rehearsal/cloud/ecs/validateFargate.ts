import type { ContainerDefinition, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";

/**
 * Memories of a task in MiB by its CPU units: from, to, in steps of. Written again on purpose: the cloud must not learn
 * them from the program that it checks.
 */
const sizes: Record<string, [from: number, to: number, step: number]> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

const logDrivers = new Set(["awslogs", "splunk", "awsfirelens"]);

/** What Fargate does not take of a task definition. @throws AwsError ClientException */
export function validateFargate(input: RegisterTaskDefinitionRequest): void {
  const { cpu = "", memory = "", volumes = [], ephemeralStorage, executionRoleArn } = input;
  if (!isSize(cpu, Number(memory))) {
    throw invalid("No Fargate configuration exists for given values.");
  }
  if (volumes.some(({ host, dockerVolumeConfiguration }) => host ?? dockerVolumeConfiguration)) {
    throw invalid("host and dockerVolumeConfiguration are not supported on Fargate.");
  }
  const storage = ephemeralStorage?.sizeInGiB;
  if (storage !== undefined && (storage < 21 || storage > 200)) {
    throw invalid(`The ephemeral storage ${storage} GiB must be between 21 and 200 GiB.`);
  }
  if ((input.placementConstraints ?? []).length > 0) {
    throw invalid("Fargate does not support placement constraints.");
  }
  for (const container of input.containerDefinitions ?? []) checkContainer(container);
  if (executionRoleArn === undefined) {
    throw invalid(
      "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    );
  }
}

function isSize(cpu: string, memory: number): boolean {
  if (cpu === "256") return [512, 1024, 2048].includes(memory);
  if (cpu === "32768") return [61_440, 122_880, 249_856].includes(memory);
  const [from, to, step] = sizes[cpu] ?? [];
  if (from === undefined || to === undefined || step === undefined) return false;
  return memory >= from && memory <= to && memory % step === 0;
}

function checkContainer({
  name,
  privileged,
  dockerSecurityOptions,
  linuxParameters = {},
  logConfiguration,
  stopTimeout = 30,
}: ContainerDefinition): void {
  const { capabilities, devices, tmpfs, sharedMemorySize, maxSwap, swappiness } = linuxParameters;
  const refused = {
    privileged: privileged || undefined,
    dockerSecurityOptions,
    devices,
    tmpfs,
    sharedMemorySize,
  };
  const used = Object.entries({ ...refused, maxSwap, swappiness }).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined,
  );
  if (used.length > 0) {
    throw invalid(`Container '${name}': ${used[0]?.[0]} is not supported on Fargate.`);
  }
  const added = capabilities?.add?.find((one) => one !== "SYS_PTRACE");
  if (added !== undefined) throw invalid(`The capability ${added} can't be added on Fargate.`);
  const driver = logConfiguration?.logDriver;
  if (driver !== undefined && !logDrivers.has(driver)) {
    throw invalid(`Log driver ${driver} is not supported on Fargate.`);
  }
  if (stopTimeout > 120) {
    throw invalid(`stopTimeout ${stopTimeout} is above Fargate's maximum of 120 seconds.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ClientException", message);
}
