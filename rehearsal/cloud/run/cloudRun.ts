import type { Clock } from "../../../provider/clock.ts";
import type { Container, ContainerSpec } from "../../container/container.ts";
import type { Processes } from "../../processes/processes.ts";
import { startReserveSeconds } from "../cloudTimes.ts";
import type { ImageSource } from "../ecs/ports.ts";
import { seededIds } from "../ecs/seededIds.ts";
import type { AccessQuery, AccessRecord, ProxySabotage, ProxyStats } from "../elb/wire.ts";
import type { Journal } from "../journal.ts";
import { FrontEnd } from "./frontEnd.ts";
import type { Instance, InstanceState } from "./instance.ts";
import type { RunRevision } from "./revision.ts";
import { RunApi } from "./runApi.ts";
import type { RunContext, RunLimits, RunSabotage } from "./runContext.ts";
import { RunMetrics } from "./runMetrics.ts";
import type { RunService } from "./runService.ts";

export interface CloudRunArgs {
  processes: Processes;
  clock: Clock;
  /** Cloud seconds per real second. */
  speed: number;
  /** Wall time at which cloud and wall agree, in milliseconds since the Unix epoch. */
  epoch: number;
  journal: Journal;
  /** Fixes ids, names of revisions, and the draw among revisions with traffic. */
  seed: number;
  registry: ImageSource;
  startContainer: (spec: ContainerSpec) => Promise<Container>;
  /** Value of a secret by `projects/P/secrets/S/versions/V`. @default there are none */
  secrets?: (version: string) => string | undefined;
  /** @default "123456789012" */
  projectNumber?: string;
  limits?: Partial<RunLimits>;
  /** Protections that are broken on purpose. */
  sabotage?: ProxySabotage & RunSabotage;
}

/** An instance, as whoever plays a story sees it. */
export interface RunInstance {
  id: string;
  /** Short names. */
  service: string;
  revision: string;
  release: string;
  state: InstanceState;
  port: number | undefined;
  logs: string[];
}

/**
 * Google Cloud Run: its Admin API v2 by the shapes of its REST JSON, in front of real processes and a real proxy in a
 * process of its own.
 */
export class CloudRun extends RunApi {
  /** Figures by cloud minute, for Cloud Monitoring. */
  readonly metrics: RunMetrics;
  readonly #closing: AbortController;

  private constructor(parts: {
    context: RunContext;
    services: Map<string, RunService>;
    metrics: RunMetrics;
    closing: AbortController;
  }) {
    super(parts.context, parts.services);
    this.metrics = parts.metrics;
    this.#closing = parts.closing;
  }

  /** @throws Error, when the proxy's process does not come up. */
  static async start(args: CloudRunArgs): Promise<CloudRun> {
    const { processes, speed, epoch, seed, sabotage = {}, limits } = args;
    const services = new Map<string, RunService>();
    const metrics = new RunMetrics();
    const closing = new AbortController();
    const revisions = () => [...services.values()].flatMap((service) => service.revisions);
    const frontEnd = await FrontEnd.start({
      processes,
      settings: { speed, epoch, seed, sabotage },
      config: () => {
        const parts = [...services.values()].map((service) => service.proxyConfig());
        return {
          loadBalancers: parts.flatMap(({ loadBalancers }) => loadBalancers),
          targetGroups: parts.flatMap(({ targetGroups }) => targetGroups),
        };
      },
      onDemand: (demands) => {
        for (const { targetGroup, ...demand } of demands) {
          const revision = revisions().find(({ group }) => group === targetGroup);
          revision?.demandChanged(demand);
        }
      },
      onMetrics: (deltas) => metrics.add(deltas),
    });
    const context: RunContext = {
      ...args,
      frontEnd,
      ids: seededIds(seed),
      secrets: args.secrets ?? (() => undefined),
      projectNumber: args.projectNumber ?? "123456789012",
      limits: {
        startSeconds: startReserveSeconds * speed,
        idleSeconds: 15 * 60,
        restartBackoffSeconds: 300,
        ...limits,
      },
      sabotage,
      signal: closing.signal,
    };
    return new CloudRun({ context, services, metrics, closing });
  }

  /** @param service - short name. Default: those of every service. */
  instances(service?: string): RunInstance[] {
    return this.#running()
      .filter(({ revision }) => service === undefined || revision.args.service === service)
      .map(({ revision, instance: { id, state, port, logs } }) => {
        const { service: name } = revision.args;
        return {
          id,
          service: name,
          revision: revision.name,
          release: revision.release,
          state,
          port,
          logs,
        };
      });
  }

  /** Kills an instance's process, as it may happen at any time. */
  async killInstance(id: string): Promise<void> {
    await this.#running()
      .find(({ instance }) => instance.id === id)
      ?.instance.kill();
  }

  /** The requests that match, in the order in which they arrived; those to a tag's URL are test traffic. */
  accessLog(query: AccessQuery = {}): Promise<AccessRecord[]> {
    return this.context.frontEnd.accessLog(query);
  }

  /** Figures of the front end since the last reset; everything up to now is in `metrics` when it resolves. */
  stats(): Promise<ProxyStats> {
    return this.context.frontEnd.stats(false);
  }

  /** Answers the figures up to now, and starts anew. */
  resetStats(): Promise<ProxyStats> {
    return this.context.frontEnd.stats(true);
  }

  /** Full names of everything that exists. */
  inventory(): string[] {
    return [...this.services.keys()];
  }

  /** Ends every instance and the front end. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("Cloud Run closes"));
    await Promise.all(this.#running().map(({ instance }) => instance.kill()));
    await this.context.frontEnd.close();
  }

  #running(): { revision: RunRevision; instance: Instance }[] {
    return [...this.services.values()].flatMap((service) =>
      service.revisions.flatMap((revision) =>
        revision.instances.map((instance) => ({ revision, instance })),
      ),
    );
  }
}
