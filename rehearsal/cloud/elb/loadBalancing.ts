import type { Clock } from "../../../provider/clock.ts";
import type { Processes } from "../../processes/processes.ts";
import type { Journal } from "../journal.ts";
import { type CallRoute, callsConfig } from "./calls.ts";
import { DataPlane } from "./dataPlane.ts";
import { ElbApi } from "./elbApi.ts";
import { ElbMetrics } from "./elbMetrics.ts";
import { ElbWorld } from "./elbWorld.ts";
import { proxyConfig, trafficOf, weightsOf } from "./proxyConfig.ts";
import { targetChanged } from "./targets.ts";
import type { AccessQuery, AccessRecord, Ports, ProxySabotage, ProxyStats } from "./wire.ts";

export interface LoadBalancingArgs {
  processes: Processes;
  clock: Clock;
  /** Cloud seconds per real second. */
  speed: number;
  /** Wall time at which cloud and wall agree, in milliseconds since the Unix epoch. */
  epoch: number;
  journal: Journal;
  /** Fixes ids and the draw among weighted target groups. */
  seed: number;
  /** @default "eu-central-1" */
  region?: string;
  /** @default "123456789012" */
  account?: string;
  /** Rules that the proxy breaks on purpose. */
  sabotage?: ProxySabotage;
}

/**
 * Application Load Balancers: the API of Elastic Load Balancing v2 by its SDK's shapes, in front of a real proxy in a
 * process of its own. A call that changes something resolves when the change is in force there.
 */
export class LoadBalancing extends ElbApi {
  /** Figures by cloud minute, for alarms. */
  readonly metrics: ElbMetrics;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #plane: DataPlane;
  #ports: Ports = {};
  #calls: readonly CallRoute[] = [];
  /** Rule ARN → its weights as last recorded. */
  #weights = new Map<string, string>();

  private constructor(
    args: LoadBalancingArgs,
    world: ElbWorld,
    plane: DataPlane,
    metrics: ElbMetrics,
  ) {
    super(world);
    this.#clock = args.clock;
    this.#journal = args.journal;
    this.#plane = plane;
    this.metrics = metrics;
  }

  /** @throws Error, when the proxy's process does not come up. */
  static async start(args: LoadBalancingArgs): Promise<LoadBalancing> {
    const { processes, speed, epoch, seed, sabotage = {} } = args;
    const { region = "eu-central-1", account = "123456789012" } = args;
    const world = new ElbWorld({ region, account, seed });
    const metrics = new ElbMetrics();
    const plane = await DataPlane.start({
      processes,
      settings: { speed, epoch, seed, sabotage },
      onTarget: (report) => targetChanged(world, args.journal, report),
      onMetrics: (deltas) => metrics.add(deltas),
    });
    return new LoadBalancing(args, world, plane, metrics);
  }

  /**
   * Says where the process behind a task's address really listens, on loopback.
   *
   * @param containerPort - the only port of the address that leads there. Default: each one does.
   */
  async mapAddress(ip: string, port: number, containerPort?: number): Promise<void> {
    this.world.addresses.set(ip, { port, containerPort });
    await this.commit();
  }

  /** Nothing answers at the address any more: its loopback port may soon belong to somebody else. */
  async unmapAddress(ip: string): Promise<void> {
    if (this.world.addresses.delete(ip)) await this.commit();
  }

  /**
   * Says where calls between services go, all of them at once.
   *
   * @returns id of a route → loopback port where its calls are taken.
   */
  async applyCalls(routes: readonly CallRoute[]): Promise<Record<string, number>> {
    this.#calls = routes;
    await this.commit();
    return Object.fromEntries(routes.map(({ id }) => [id, this.#ports[id] ?? 0]));
  }

  /** Where a listener is served. Listener 80 is also served at its load balancer's DNS name. */
  listenerUrl(arn: string): string {
    const { loadBalancer, port } = this.world.listener(arn);
    return `http://127.0.0.1:${this.#ports[port === 80 ? loadBalancer.arn : arn]}`;
  }

  /** The requests that match, in the order in which they arrived. */
  async accessLog(query: AccessQuery = {}): Promise<AccessRecord[]> {
    return (await this.#plane.query(query)).toSorted((a, b) => a.at - b.at);
  }

  /** Figures since the last reset; everything up to now is in `metrics` when it resolves. */
  stats(): Promise<ProxyStats> {
    return this.#plane.stats(false);
  }

  /** Answers the figures up to now, and starts anew. */
  resetStats(): Promise<ProxyStats> {
    return this.#plane.stats(true);
  }

  /** The ARNs of everything that exists. */
  inventory(): string[] {
    const { loadBalancers, listeners, rules, targetGroups } = this.world;
    return [loadBalancers, listeners, rules, targetGroups].flatMap((records) => [
      ...records.keys(),
    ]);
  }

  /** Ends the proxy's process, with every connection. */
  async close(): Promise<void> {
    await this.#plane.close();
  }

  protected override now(): number {
    return this.#clock.now();
  }

  protected override dnsName(arn: string): string {
    return `127.0.0.1:${this.#ports[arn]}`;
  }

  /** Besides, records the weights that changed. */
  protected override async commit(): Promise<void> {
    const { rules } = this.world;
    const changed = [...weightsOf(this.world)]
      .filter(([rule, weights]) => this.#weights.get(rule) !== JSON.stringify(weights))
      .map(([rule, weights]) => ({ rule, weights, traffic: trafficOf(rules.get(rule)) }));
    for (const { rule, weights } of changed) this.#weights.set(rule, JSON.stringify(weights));
    const balancing = proxyConfig(this.world);
    const calls = callsConfig(this.#calls);
    this.#ports = await this.#plane.apply({
      loadBalancers: [...balancing.loadBalancers, ...calls.loadBalancers],
      targetGroups: [...balancing.targetGroups, ...calls.targetGroups],
    });
    for (const change of changed) this.#journal.record({ kind: "weights", ...change });
  }
}
