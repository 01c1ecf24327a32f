import type { HealthCheck, TaskDefinition } from "@aws-sdk/client-ecs";
import type { ContainerSpec } from "../../container/container.ts";
import type { ContainerHealthCheck } from "../../container/image.ts";
import { AwsError } from "../awsError.ts";
import { findableEnvironment } from "./findableEnvironment.ts";
import type { EcsContext, EcsSabotage } from "./ports.ts";
import { scaledEnvironment } from "./scaledEnvironment.ts";

/**
 * The container that a task definition asks for.
 *
 * ECS looks only at the health check in the task definition, never at the image's own one.
 *
 * @throws AwsError CannotPullContainerError, ResourceInitializationError (a secret that is not there).
 */
export function containerSpec(
  definition: TaskDefinition,
  name: string,
  {
    registry,
    secrets,
    speed,
    sabotage = {},
    aliases = new Map(),
  }: Pick<EcsContext, "registry" | "secrets" | "speed"> & {
    /** @default nothing is broken */
    sabotage?: EcsSabotage;
    /** What it calls → loopback port at which it finds that. @default it calls nobody */
    aliases?: ReadonlyMap<string, number>;
  },
): ContainerSpec {
  const [container] = definition.containerDefinitions ?? [];
  if (!container?.image) throw new Error(`${definition.taskDefinitionArn} has no container`);
  const { healthcheck: _ignored, ...image } = registry.pull(container.image);
  const declared: Record<string, string> = {};
  const port = container.portMappings?.[0]?.containerPort;
  if (port !== undefined) declared.PORT = String(port);
  for (const { name: key, value = "" } of container.environment ?? []) {
    if (key !== undefined) declared[key] = value;
  }
  for (const { name: key, valueFrom } of container.secrets ?? []) {
    const value = valueFrom === undefined ? undefined : secrets(valueFrom);
    if (key === undefined || value === undefined) {
      throw new AwsError(
        "ResourceInitializationError",
        `unable to pull secrets or registry auth: unable to retrieve secret ${valueFrom} for ${key}: not found.`,
      );
    }
    declared[key] = value;
  }
  if (sabotage.deafAfterSigterm) declared.DRAIN_SECONDS = "0";
  const command = container.command ?? [];
  // The image's own timers are cloud time too; its other variables stay where they are.
  const findable = findableEnvironment(declared, aliases);
  const { env, scaled } = scaledEnvironment({ ...image.env, ...findable }, speed);
  const names = new Set([...Object.keys(declared), ...scaled.map((variable) => variable.name)]);
  return {
    name,
    image:
      container.entryPoint && container.entryPoint.length > 0
        ? { ...image, entrypoint: container.entryPoint, cmd: [] }
        : image,
    env: Object.fromEntries(Object.entries(env).filter(([key]) => names.has(key))),
    ...(command.length > 0 ? { command } : {}),
    ...(container.healthCheck ? { healthCheck: healthCheckOf(container.healthCheck) } : {}),
    stopTimeoutSeconds: container.stopTimeout ?? 30,
  };
}

/** ECS's defaults: 30 s, 5 s, 3 retries, no start period. */
function healthCheckOf(check: HealthCheck): ContainerHealthCheck {
  return {
    test: check.command ?? [],
    intervalSeconds: check.interval ?? 30,
    timeoutSeconds: check.timeout ?? 5,
    startPeriodSeconds: check.startPeriod ?? 0,
    retries: check.retries ?? 3,
  };
}
