import type { ServiceDeploymentStatus, ServiceEvent, TaskDefinition } from "@aws-sdk/client-ecs";
import { ecsArn } from "./arns.ts";
import type { Capacity } from "./capacity.ts";
import type { Provider } from "./capacityProviders.ts";
import { DeploymentRun } from "./deploymentRun.ts";
import type { AddressBook } from "./network.ts";
import { Notifier } from "./notifier.ts";
import type { EcsContext, Subnet } from "./ports.ts";
import { loadBalancerOf, type Revision, releaseOf } from "./revision.ts";
import type { ServiceConnect } from "./serviceConnect.ts";
import type { ServiceSpec } from "./serviceSpec.ts";
import { TaskSet } from "./taskSet.ts";
import { revertProduction, revertTest } from "./traffic.ts";

export interface EcsServiceArgs {
  context: EcsContext;
  capacity: Capacity;
  connect: ServiceConnect;
  addresses: AddressBook;
  name: string;
  cluster: { name: string; arn: string };
  spec: ServiceSpec;
  /** Providers that the spec's strategy names, in its order. */
  providersOf: (spec: ServiceSpec) => Provider[];
  /** End of a first deployment that fails; AWS's pages and people's reports differ. */
  firstFailureEndsAs: FirstFailureEnd;
}

export type FirstFailureEnd = Extract<
  ServiceDeploymentStatus,
  "ROLLBACK_FAILED" | "ROLLBACK_SUCCESSFUL" | "STOPPED"
>;

/** A service: what is live, what is on its way, and what a stopped deployment left behind. */
export class EcsService {
  readonly args: EcsServiceArgs;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly firstFailureEndsAs: FirstFailureEnd;
  readonly events: ServiceEvent[] = [];
  /** Of any of its tasks. */
  readonly changes = new Notifier();
  readonly revisions: Revision[] = [];
  readonly runs: DeploymentRun[] = [];
  spec: ServiceSpec;
  status: "ACTIVE" | "DRAINING" | "INACTIVE" = "ACTIVE";
  /** The last revision that was deployed successfully. */
  live: Revision | undefined;
  /** Revisions of stopped deployments, whose tasks and weights are still there. */
  leftovers: Revision[] = [];

  constructor(args: EcsServiceArgs) {
    const { context, cluster, name } = args;
    this.args = args;
    this.name = name;
    this.arn = ecsArn(context, `service/${cluster.name}/${name}`);
    this.createdAt = context.clock.now();
    this.firstFailureEndsAs = args.firstFailureEndsAs;
    this.spec = args.spec;
    this.changes.onNotify(() => args.connect.changed());
  }

  /** The newest deployment, if it is not over. */
  get inFlight(): DeploymentRun | undefined {
    const newest = this.runs.at(-1);
    return newest?.over ? undefined : newest;
  }

  get activeRevisions(): Revision[] {
    const current = this.inFlight?.target;
    const all = [this.live, ...this.leftovers, current?.taskSet ? current : undefined];
    return [...new Set(all)].filter((revision) => revision !== undefined);
  }

  get liveRelease(): string | null {
    return this.live ? releaseOf(this.live.definition) : null;
  }

  get taskSets(): TaskSet[] {
    return this.revisions.flatMap((revision) => revision.taskSet ?? []);
  }

  /** Starts a deployment of `spec`. One that is under way is stopped first; one that can't be is waited for. */
  deploy(spec: ServiceSpec, definition: TaskDefinition): DeploymentRun {
    const { context, cluster, connect } = this.args;
    this.spec = spec;
    const path = `${cluster.name}/${this.name}`;
    const revision: Revision = {
      arn: ecsArn(context, `service-revision/${path}/${this.#decimal(19)}`),
      spec,
      definition,
      createdAt: context.clock.now(),
      aliases: connect.aliasesFor(spec),
      deploymentId: `ecs-svc/${this.#decimal(19)}`,
      productionPercent: 0,
      testPercent: 0,
    };
    const previous = this.inFlight;
    previous?.interrupt({
      kind: "stop",
      reason: "Service deployment stopped because a new service deployment was started.",
    });
    this.revisions.push(revision);
    const arn = ecsArn(context, `service-deployment/${path}/${context.ids.hex(21)}`);
    const run = new DeploymentRun(this, revision, arn, context, previous?.ended);
    this.runs.push(run);
    return run;
  }

  /** A changed number of tasks starts no deployment: whatever runs follows it. */
  scale(count: number): void {
    this.spec = { ...this.spec, desiredCount: count };
    // A rolling deployment divides them by itself.
    if (this.inFlight?.rolling) return this.changes.notify();
    for (const revision of [this.live, this.inFlight?.target]) {
      if (revision?.taskSet) revision.taskSet.desired = count;
    }
  }

  /** @param count - of tasks. Default: as many as the service shall have. */
  startTasks(revision: Revision, count = this.spec.desiredCount): TaskSet {
    const { context, capacity, connect, addresses, cluster, providersOf } = this.args;
    const { spec, definition, targetGroupArn } = revision;
    const balancer = loadBalancerOf(revision);
    revision.taskSet = new TaskSet({
      graceSeconds: spec.healthCheckGracePeriodSeconds + context.limits.startSeconds,
      changes: this.changes,
      task: {
        context,
        capacity,
        addresses,
        cluster,
        definition,
        service: this.name,
        release: releaseOf(definition),
        startedBy: revision.deploymentId,
        providers: providersOf(spec),
        subnets: subnetsOf(spec, context),
        strategy: spec.placementStrategy,
        ...(targetGroupArn === undefined
          ? {}
          : { target: { groupArn: targetGroupArn, containerPort: balancer?.containerPort ?? 80 } }),
        ...connect.forTasks(this, revision),
        onEvent: (message) => this.event(message),
      },
    });
    revision.taskSet.desired = count;
    return revision.taskSet;
  }

  /** Calls by other services go where its production and test traffic go; they do when this resolves. */
  publish(): Promise<void> {
    return this.args.connect.publish();
  }

  /** Brings a service with more than one active revision back to the live one. */
  async reconcile(): Promise<void> {
    for (const revision of this.leftovers.splice(0)) await this.undo(revision);
  }

  /** Traffic first, tasks last: the live revision never stops serving. */
  async undo(revision: Revision): Promise<void> {
    const { loadBalancing } = this.args.context;
    const { routing } = revision;
    if (routing && revision.productionPercent > 0) await revertProduction(loadBalancing, routing);
    revision.productionPercent = 0;
    if (this.live) this.live.productionPercent = 100;
    if (routing && revision.testPercent > 0) await revertTest(loadBalancing, routing);
    revision.testPercent = 0;
    if (this.live) this.live.testPercent = 100;
    await this.publish();
    // A rolling deployment has taken some of its tasks.
    if (this.live?.taskSet) this.live.taskSet.desired = this.spec.desiredCount;
    await revision.taskSet?.drain(this.#scalingReason(revision));
  }

  /** The old tasks go; from now on `target` is what a roll-back returns to. */
  async promote(target: Revision): Promise<void> {
    const old = this.activeRevisions.filter((revision) => revision !== target);
    for (const revision of old) {
      revision.productionPercent = 0;
      revision.testPercent = 0;
    }
    await this.publish();
    await Promise.all(old.map(async (one) => one.taskSet?.drain(this.#scalingReason(one))));
    this.live = target;
    this.leftovers = [];
  }

  leaveBehind(revision: Revision): void {
    if (revision.taskSet) this.leftovers.push(revision);
  }

  /** After a roll-back the service is configured as what is live; its size and its way of deploying stay. */
  restoreSpec(run: DeploymentRun): void {
    if (!this.live || this.runs.at(-1) !== run) return;
    const { desiredCount, deploymentConfiguration } = this.spec;
    this.spec = { ...this.live.spec, desiredCount, deploymentConfiguration };
  }

  /** Ends whatever is under way, drains and stops every task. */
  async delete(): Promise<void> {
    this.status = "DRAINING";
    const current = this.inFlight;
    current?.interrupt({
      kind: "stop",
      reason: "Service deployment stopped because the service was deleted.",
    });
    await current?.ended;
    await Promise.all(
      this.taskSets.map((set) => set.drain("Scaling activity initiated by the deleted service")),
    );
    this.status = "INACTIVE";
    // Revisions and deployments go with their service.
    this.revisions.length = 0;
    this.runs.length = 0;
    this.leftovers = [];
    this.live = undefined;
    this.args.connect.changed();
  }

  /** Newest first, at most 100, as DescribeServices has them. */
  event(message: string): void {
    const { clock, ids } = this.args.context;
    const createdAt = new Date(clock.now());
    this.events.unshift({
      id: ids.hex(32),
      createdAt,
      message: `(service ${this.name}) ${message}`,
    });
    this.events.length = Math.min(this.events.length, 100);
  }

  #scalingReason({ deploymentId }: Revision): string {
    return `Scaling activity initiated by (deployment ${deploymentId})`;
  }

  #decimal(digits: number): string {
    return BigInt(`0x${this.args.context.ids.hex(digits)}`)
      .toString()
      .padStart(digits, "1")
      .slice(-digits);
  }
}

function subnetsOf({ networkConfiguration }: ServiceSpec, context: EcsContext): Subnet[] {
  const ids = networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  return ids.flatMap((id) => context.subnets(id) ?? []);
}
