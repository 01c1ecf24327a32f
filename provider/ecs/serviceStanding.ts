import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CheckFailed } from "../checkFailed.ts";
import { abortable } from "../cloudCall.ts";
import { Deployments } from "./deployments.ts";
import { type Drift, driftOf, type Standing } from "./drift.ts";
import type { EcsApi, ServiceAddress } from "./ecsApi.ts";
import { nameOf } from "./ecsApi.ts";
import type { ElbApi, ElbConnection } from "./elbApi.ts";
import { groupOf } from "./revisionTraffic.ts";
import { allTo, groupName, readActions, sharesOf } from "./trafficRule.ts";

export interface ServiceStandingArgs {
  address: ServiceAddress;
  /** ARN of the listener rule whose weights are the production traffic. */
  productionRule: string;
  tasks: { min: number; max: number };
}

/** What one service at rest is like, and how it is put back. */
export class ServiceStanding {
  readonly #args: ServiceStandingArgs;
  readonly #api: EcsApi;
  readonly #connect: ElbConnection;
  readonly #deployments: Deployments;

  constructor(args: ServiceStandingArgs, api: EcsApi, connect: ElbConnection) {
    this.#args = args;
    this.#api = api;
    this.#connect = connect;
    this.#deployments = new Deployments(api, args.address);
  }

  /** Empty while a deployment is in flight, and without a service. */
  async drift(signal?: AbortSignal): Promise<Drift[]> {
    const standing = await this.#read(signal);
    const found = standing ? driftOf(standing) : [];
    // One that began in the meantime moves weights by itself.
    return found.length > 0 && (await this.#isMoving(signal)) ? [] : found;
  }

  /** @throws CheckFailed `drift`, when what is live has nobody who could take the traffic. */
  async repair(signal?: AbortSignal): Promise<void> {
    const standing = await this.#read(signal);
    if (!standing || (await this.#isMoving(signal))) return;
    const kinds = driftOf(standing).map(({ kind }) => kind);
    // Without tasks there is nobody who could take the traffic.
    if (kinds.includes("tasks")) await this.#restoreTasks(standing, signal);
    if (kinds.includes("traffic")) await this.#restoreTraffic(standing, signal);
  }

  async #isMoving(signal?: AbortSignal): Promise<boolean> {
    return (await this.#deployments.inFlight(signal)).length > 0;
  }

  async #read(signal?: AbortSignal): Promise<Standing | undefined> {
    if (await this.#isMoving(signal)) return undefined;
    const service = await this.#deployments.service(signal);
    if (!service) return undefined;
    const { address, productionRule: rule, tasks } = this.#args;
    const liveGroup = groupOf(await this.#deployments.settledRevision(signal));
    const actions = liveGroup && (await readActions(await this.#connect(), rule, signal));
    return {
      service: nameOf(address.service),
      rule,
      shares: actions ? sharesOf(actions) : undefined,
      liveGroup,
      desired: service.desiredCount,
      tasks,
    };
  }

  async #restoreTraffic({ service, rule, liveGroup }: Standing, signal?: AbortSignal) {
    const elb = await this.#connect();
    const actions = await readActions(elb, rule, signal);
    if (liveGroup === undefined || !actions) {
      const text = `rule ${rule} of ${service} does not exist: "pulumi up --refresh" makes it again`;
      throw new CheckFailed("drift", text);
    }
    const serving = groupsIn(actions).filter((group) => group !== liveGroup);
    const healthy = await groupsWithHealthyTargets(elb, [liveGroup, ...serving], signal);
    // Where nobody answers anyway, the traffic can wait where it belongs.
    if (healthy.length > 0 && !healthy.includes(liveGroup)) {
      throw new CheckFailed(
        "drift",
        `production traffic of ${service} can't go back to ${groupName(liveGroup)}, which is what ECS has live: it has no healthy target; the reason is with "aws elbv2 describe-target-health --target-group-arn ${liveGroup}"`,
      );
    }
    const change = { RuleArn: rule, Actions: allTo(liveGroup, actions) };
    await elb.modifyRule(change, abortable(signal));
  }

  async #restoreTasks({ desired = 0, tasks: { min, max } }: Standing, signal?: AbortSignal) {
    const desiredCount = Math.min(Math.max(desired, min), max);
    const change = { ...this.#args.address, desiredCount };
    await this.#api.updateService(change, abortable(signal));
  }
}

/** Those that have a share of the traffic. */
function groupsIn(actions: readonly Action[]): string[] {
  return [...sharesOf(actions)].filter(([, percent]) => percent > 0).map(([group]) => group);
}

async function groupsWithHealthyTargets(
  elb: ElbApi,
  groups: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for (const group of groups) {
    const answer = await elb.describeTargetHealth({ TargetGroupArn: group }, abortable(signal));
    const states = (answer.TargetHealthDescriptions ?? []).map((it) => it.TargetHealth?.State);
    if (states.includes("healthy")) found.push(group);
  }
  return found;
}
