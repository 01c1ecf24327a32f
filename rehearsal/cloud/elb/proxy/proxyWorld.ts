import { type Clock, scaledClock } from "../../../../provider/clock.ts";
import { EventLoopStall } from "../../../eventLoopStall.ts";
import { type Random, seededRandom } from "../../../seededRandom.ts";
import type {
  AccessQuery,
  AccessRecord,
  Demand,
  MetricDelta,
  Ports,
  ProxyConfig,
  ProxyLoadBalancer,
  ProxySettings,
  ProxyStats,
  TargetReport,
} from "../wire.ts";
import { AccessLog } from "./accessLog.ts";
import { BackendGroup } from "./backendGroup.ts";
import { FrontDoor } from "./frontDoor.ts";
import { Listener } from "./listener.ts";
import { Meter } from "./meter.ts";

/**
 * Idle time of a connection to a target, in cloud seconds: below the 75 s that the platform keeps one open, so that
 * the proxy never sends a request on a connection that its target is closing. AWS uses the load balancer's idle
 * time-out, 60 s unless changed, for both sides.
 */
const backendIdleSeconds = 60;

export interface ProxyWorldEvents {
  onTarget(report: TargetReport): void;
  /** A request begins to wait for a target with room. */
  onWaiting(): void;
}

/** Everything that lives in the proxy's process. */
export class ProxyWorld {
  readonly #settings: ProxySettings;
  readonly #events: ProxyWorldEvents;
  readonly #groups = new Map<string, BackendGroup>();
  /** ARN of a load balancer (its port 80) or of a listener (any other port) → door. */
  readonly #doors = new Map<string, FrontDoor>();
  readonly #randoms = new Map<string, Random>();
  readonly #log = new AccessLog();
  readonly #clock: Clock;
  readonly #meter: Meter;
  readonly #stall = new EventLoopStall();
  #applying: Promise<unknown> = Promise.resolve();
  #requests = 0;
  #cpu = process.cpuUsage();

  constructor(settings: ProxySettings, events: ProxyWorldEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#clock = scaledClock(settings);
    this.#meter = new Meter(this.#clock);
  }

  /** Takes the configuration over; it is in force, for every request from now on, when this resolves. */
  apply(config: ProxyConfig): Promise<Ports> {
    // One after the other: binding a port takes a while, and an older configuration must not win for it.
    const applied = this.#applying.then(() => this.#apply(config));
    this.#applying = applied.catch(() => {});
    return applied;
  }

  async #apply(config: ProxyConfig): Promise<Ports> {
    const wanted = config.loadBalancers.flatMap((loadBalancer) => doorsOf(loadBalancer));
    const missing = wanted.filter((arn) => !this.#doors.has(arn));
    await Promise.all(
      missing.map(async (arn) => {
        this.#doors.set(arn, await FrontDoor.open());
      }),
    );
    this.#applyGroups(config);
    for (const loadBalancer of config.loadBalancers) this.#applyListeners(loadBalancer);
    for (const [arn, door] of this.#doors) {
      if (wanted.includes(arn)) continue;
      door.close();
      this.#doors.delete(arn);
    }
    return Object.fromEntries([...this.#doors].map(([arn, door]) => [arn, door.port]));
  }

  query(query: AccessQuery): AccessRecord[] {
    return this.#log.query(query);
  }

  stats(reset: boolean): ProxyStats {
    const cpu = process.cpuUsage(this.#cpu);
    const stats = {
      maxStallMs: this.#stall.worstMs,
      cpuMs: (cpu.user + cpu.system) / 1000,
      requests: this.#requests,
      inFlight: this.#backends().reduce((sum, backend) => sum + backend.exchanges.size, 0),
    };
    if (reset) {
      this.#stall.reset();
      this.#requests = 0;
      this.#cpu = process.cpuUsage();
    }
    return stats;
  }

  /** Samples the host counts and hands over what was counted since the last call. */
  collect(): MetricDelta[] {
    for (const group of this.#groups.values()) {
      const { arn, loadBalancer } = group.config;
      const targets = group.registered();
      if (loadBalancer === null || targets.length === 0) continue;
      const healthy = targets.filter(({ state }) => state === "healthy").length;
      const unhealthy = targets.filter(({ state }) => state === "unhealthy").length;
      this.#meter.gauge(loadBalancer, arn, "HealthyHostCount", healthy);
      this.#meter.gauge(loadBalancer, arn, "UnHealthyHostCount", unhealthy);
    }
    return this.#meter.collect();
  }

  /** What comes in for the groups that let only so much in, where that is not what it was at the last call. */
  demands(): Demand[] {
    return [...this.#groups.values()].flatMap((group) => group.demandIfChanged() ?? []);
  }

  #applyGroups(config: ProxyConfig): void {
    const wanted = new Set(config.targetGroups.map(({ arn }) => arn));
    for (const [arn, group] of this.#groups) {
      if (wanted.has(arn)) continue;
      group.close();
      this.#groups.delete(arn);
    }
    for (const groupConfig of config.targetGroups) {
      let group = this.#groups.get(groupConfig.arn);
      if (group === undefined) {
        group = new BackendGroup(groupConfig, {
          settings: this.#settings,
          idleMs: this.#realMs(backendIdleSeconds),
          ...this.#events,
        });
        this.#groups.set(groupConfig.arn, group);
      }
      group.apply(groupConfig);
    }
  }

  #applyListeners(loadBalancer: ProxyLoadBalancer): void {
    for (const arn of doorsOf(loadBalancer)) {
      const door = this.#doors.get(arn);
      if (door === undefined) continue;
      const listener = loadBalancer.listeners.find((one) => doorOf(loadBalancer, one) === arn);
      door.idleMs = this.#realMs(loadBalancer.idleTimeoutSeconds);
      if (listener === undefined) {
        if (door.keeper !== null) door.vacate();
        continue;
      }
      door.keeper = new Listener({
        loadBalancer,
        listener,
        groups: this.#groups,
        log: this.#log,
        meter: this.#meter,
        random: (rule) => this.#random(rule),
        now: () => this.#clock.now(),
        onDone: () => {
          this.#requests += 1;
        },
      });
    }
  }

  #random(rule: string): Random {
    let random = this.#randoms.get(rule);
    if (random === undefined) {
      random = seededRandom(this.#settings.seed, "weights", rule);
      this.#randoms.set(rule, random);
    }
    return random;
  }

  #backends() {
    return [...this.#groups.values()].flatMap((group) => group.all());
  }

  #realMs(cloudSeconds: number): number {
    return (cloudSeconds * 1000) / this.#settings.speed;
  }
}

function doorsOf(loadBalancer: ProxyLoadBalancer): string[] {
  const doors = loadBalancer.listeners.map((listener) => doorOf(loadBalancer, listener));
  return [...new Set([loadBalancer.arn, ...doors])];
}

function doorOf(loadBalancer: ProxyLoadBalancer, listener: { arn: string; port: number }): string {
  return listener.port === 80 ? loadBalancer.arn : listener.arn;
}
