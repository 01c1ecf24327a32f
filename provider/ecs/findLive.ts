import type { ServiceRevisionSummary } from "@aws-sdk/client-ecs";
import { abortable } from "../cloudCall.ts";
import { type LiveRelease, releaseVariable } from "../messages.ts";
import { Deployments } from "./deployments.ts";
import type { EcsApi, ServiceAddress } from "./ecsApi.ts";

/**
 * What takes the production traffic of a service: while a deployment is under way the revision that has most of it,
 * else the target of the last deployment that succeeded.
 *
 * @returns undefined when there is no service, or nothing has ever gone live.
 */
export async function findLive(
  api: EcsApi,
  address: ServiceAddress,
  signal?: AbortSignal,
): Promise<LiveRelease | undefined> {
  const deployments = new Deployments(api, address);
  const found =
    (await findShifting(deployments, signal)) ?? (await findSettled(deployments, signal));
  if (!found) return undefined;
  const { taskDefinition, since } = found;
  const release = await releaseOf(api, taskDefinition, signal);
  return {
    release,
    revision: taskDefinition,
    // ECS does not know what its inputs were called.
    configuration: "unknown",
    since: (since ?? new Date(0)).toISOString(),
  };
}

interface Found {
  taskDefinition: string;
  since: Date | undefined;
}

async function findShifting(
  deployments: Deployments,
  signal?: AbortSignal,
): Promise<Found | undefined> {
  const [current] = await deployments.inFlight(signal);
  const target = current?.targetServiceRevision;
  const sources = current?.sourceServiceRevisions ?? [];
  if (!target || weightOf(target) <= Math.max(0, ...sources.map(weightOf))) return undefined;
  const taskDefinition = await deployments.taskDefinitionOf(target.arn, signal);
  return taskDefinition === undefined ? undefined : { taskDefinition, since: current.startedAt };
}

async function findSettled(
  deployments: Deployments,
  signal?: AbortSignal,
): Promise<Found | undefined> {
  const last = await deployments.lastSuccessful(signal);
  const revision = last?.targetServiceRevisionArn;
  const taskDefinition = await deployments.taskDefinitionOf(revision, signal);
  if (taskDefinition !== undefined) return { taskDefinition, since: last?.finishedAt };
  // ECS forgets deployments after 90 days; a service that settled before that still runs its task definition.
  const service = await deployments.service(signal);
  const settled = service?.deployments?.find(({ rolloutState }) => rolloutState === "COMPLETED");
  return settled?.taskDefinition === undefined
    ? undefined
    : { taskDefinition: settled.taskDefinition, since: settled.updatedAt };
}

function weightOf({ requestedProductionTrafficWeight = 0 }: ServiceRevisionSummary): number {
  return requestedProductionTrafficWeight;
}

/** @returns `unknown` where the task definition does not say. */
export async function releaseOf(
  api: EcsApi,
  taskDefinition: string,
  signal?: AbortSignal,
): Promise<string> {
  const answer = await api.describeTaskDefinition({ taskDefinition }, abortable(signal));
  const variables = (answer.taskDefinition?.containerDefinitions ?? []).flatMap(
    ({ environment }) => environment ?? [],
  );
  return variables.find(({ name }) => name === releaseVariable)?.value ?? "unknown";
}
