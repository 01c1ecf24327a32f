import type { Service, ServiceDeployment, ServiceRevision } from "@aws-sdk/client-ecs";
import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import { readHold } from "../holdNote.ts";
import type { ReleaseStatus, Side } from "../releaseControl.ts";
import { type RunnerNote, readRunner } from "../runnerNote.ts";
import type { ClusterTags } from "./clusterTags.ts";
import { arnOf, type Deployments, goesForward } from "./deployments.ts";
import type { EcsApi } from "./ecsApi.ts";
import type { ElbConnection } from "./elbApi.ts";
import { releaseOf } from "./findLive.ts";
import { openPause } from "./openPause.ts";
import { groupOf, ruleOf } from "./revisionTraffic.ts";
import { readActions, type Shares, sharesOf } from "./trafficRule.ts";

export interface EcsStatusSources {
  api: EcsApi;
  elb: ElbConnection;
  deployments: Deployments;
  tags: ClusterTags;
  clock: Clock;
}

/** Reads how a service stands; drift is somebody else's question. */
export async function readStatus(
  { api, elb, deployments, tags, clock }: EcsStatusSources,
  signal?: AbortSignal,
): Promise<Omit<ReleaseStatus, "drift">> {
  const service = await deployments.service(signal);
  const [deployment] = await deployments.inFlight(signal);
  const last = await deployments.lastSuccessful(signal);
  const settled = await deployments.settledBy(last, signal);
  const target = await deployments.revision(deployment?.targetServiceRevision?.arn, signal);
  const shares = await readShares(elb, target ?? settled, signal);
  const sideOf = async (revision: ServiceRevision | undefined, since: Date | undefined) => {
    const { taskDefinition } = revision ?? {};
    if (taskDefinition === undefined) return undefined;
    return {
      release: await releaseOf(api, taskDefinition, signal),
      revision: taskDefinition,
      since: (since ?? new Date(0)).toISOString(),
      tasks: tasksOf(revision, deployment, service),
      targets: await readTargets(elb, groupOf(revision), signal),
    };
  };
  const live = await sideOf(settled, last?.finishedAt ?? settled?.createdAt);
  const candidate = deployment && (await sideOf(target, deployment.createdAt));
  const weightOf = weigh(shares, groupOf(settled), groupOf(target), {
    live: live?.tasks?.running ?? 0,
    candidate: candidate?.tasks?.running ?? 0,
  });
  return {
    live: live && { ...live, weight: weightOf.live },
    candidate: deployment &&
      candidate && { ...candidate, weight: weightOf.candidate, ...describeRun(deployment) },
    runner: living(readRunner(await tags.read("runner", signal)), clock),
    hold: readHold(await tags.read("hold", signal)),
  };
}

function describeRun(deployment: ServiceDeployment) {
  const { status = "unknown", statusReason, lifecycleStage: stage } = deployment;
  const pause = openPause(deployment);
  return {
    deployment: arnOf(deployment),
    status,
    statusReason,
    stage,
    isUndone: !goesForward(deployment),
    timesOut: true,
    checkpoint: pause && {
      stage: stage ?? "unknown",
      until: pause.expiresAt?.toISOString(),
      atTimeout: pause.timeoutAction ?? "ROLLBACK",
    },
  };
}

async function readShares(
  elb: ElbConnection,
  revision: ServiceRevision | undefined,
  signal?: AbortSignal,
): Promise<Shares> {
  const rule = ruleOf(revision);
  const actions = rule === undefined ? undefined : await readActions(await elb(), rule, signal);
  return sharesOf(actions ?? []);
}

/** Where both releases are in one target group, as in a rolling deployment, traffic goes by their tasks. */
function weigh(
  shares: Shares,
  liveGroup: string | undefined,
  candidateGroup: string | undefined,
  running: { live: number; candidate: number },
) {
  const shareOf = (group: string | undefined) => shares.get(group ?? "") ?? 0;
  const sum = running.live + running.candidate;
  if (shares.size > 0 && liveGroup !== candidateGroup) {
    return { live: shareOf(liveGroup), candidate: shareOf(candidateGroup) };
  }
  const candidate = sum === 0 ? 0 : Math.round((running.candidate / sum) * 1000) / 10;
  return { live: sum === 0 ? 0 : Math.round((100 - candidate) * 10) / 10, candidate };
}

function tasksOf(
  revision: ServiceRevision | undefined,
  deployment: ServiceDeployment | undefined,
  service: Service | undefined,
): Side["tasks"] {
  const moving = [deployment?.targetServiceRevision, ...(deployment?.sourceServiceRevisions ?? [])];
  const all = [...moving, ...(service?.currentServiceRevisions ?? [])];
  const found = all.find((it) => it?.arn !== undefined && it.arn === revision?.serviceRevisionArn);
  if (!found) return undefined;
  const { requestedTaskCount: wanted = 0, runningTaskCount: running = 0 } = found;
  return { wanted, running, pending: found.pendingTaskCount ?? 0 };
}

async function readTargets(
  elb: ElbConnection,
  group: string | undefined,
  signal?: AbortSignal,
): Promise<Side["targets"]> {
  if (group === undefined) return undefined;
  const input = { TargetGroupArn: group };
  const answer = await (await elb()).describeTargetHealth(input, abortable(signal));
  const states = (answer.TargetHealthDescriptions ?? []).map((it) => it.TargetHealth?.State);
  const registered = states.filter((state) => state !== "draining");
  const healthy = registered.filter((state) => state === "healthy");
  return { healthy: healthy.length, registered: registered.length };
}

function living(note: RunnerNote | undefined, clock: Clock): ReleaseStatus["runner"] {
  if (!note || note.until <= clock.now()) return undefined;
  return { by: note.by, since: new Date(note.since).toISOString() };
}
