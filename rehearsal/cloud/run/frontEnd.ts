import type { Processes } from "../../processes/processes.ts";
import { DataPlane } from "../elb/dataPlane.ts";
import type {
  AccessQuery,
  AccessRecord,
  Demand,
  MetricDelta,
  Ports,
  ProxyConfig,
  ProxySettings,
  ProxyStats,
  TargetReport,
} from "../elb/wire.ts";

export interface FrontEndArgs {
  processes: Processes;
  settings: ProxySettings;
  /** What the proxy has to do now. */
  config: () => ProxyConfig;
  onDemand(demands: Demand[]): void;
  onMetrics(deltas: MetricDelta[]): void;
}

/** A target's registration, as the proxy tells of it. */
type Registration = Pick<TargetReport, "targetGroup" | "target" | "registration">;

/** Cloud Run's front end: the proxy that takes every request, in a process of its own. */
export class FrontEnd {
  readonly #config: () => ProxyConfig;
  readonly #plane: DataPlane;
  readonly #departures: Map<string, () => void>;
  #ports: Ports = {};

  private constructor(
    config: () => ProxyConfig,
    plane: DataPlane,
    departures: Map<string, () => void>,
  ) {
    this.#config = config;
    this.#plane = plane;
    this.#departures = departures;
  }

  /** @throws Error, when the proxy's process does not come up. */
  static async start({ config, ...args }: FrontEndArgs): Promise<FrontEnd> {
    const departures = new Map<string, () => void>();
    const plane = await DataPlane.start({
      ...args,
      name: "Cloud Run front end",
      onTarget: (report) => {
        if (report.state !== "unused") return;
        departures.get(key(report))?.();
        departures.delete(key(report));
      },
    });
    return new FrontEnd(config, plane, departures);
  }

  /** Resolves when what is configured now is in force, for every request from then on. */
  async commit(): Promise<void> {
    try {
      const ports = await this.#plane.apply(this.#config());
      this.#ports = ports;
    } catch {
      // Its process has ended, which whoever watches the processes has seen; nothing is left to configure.
    }
  }

  /** Resolves when a target that is no longer configured has finished what it had in hand; ask before the commit. */
  departure(target: Registration): Promise<void> {
    return new Promise((resolve) => this.#departures.set(key(target), resolve));
  }

  /**
   * @param door - ARN of a load balancer or listener.
   * @returns undefined until it was committed.
   */
  url(door: string): string | undefined {
    const port = this.#ports[door];
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /** The requests that match, in the order in which they arrived. */
  async accessLog(query: AccessQuery): Promise<AccessRecord[]> {
    return (await this.#plane.query(query)).toSorted((a, b) => a.at - b.at);
  }

  stats(reset: boolean): Promise<ProxyStats> {
    return this.#plane.stats(reset);
  }

  async close(): Promise<void> {
    await this.#plane.close();
    for (const departed of this.#departures.values()) departed();
  }
}

function key({ targetGroup, target, registration }: Registration): string {
  return `${targetGroup} ${target} ${registration}`;
}
