import { Agent } from "node:http";
import type { ProxyHealthCheck, ProxyTarget, TargetState } from "../wire.ts";
import { Exchanges } from "./exchanges.ts";
import { probe } from "./probe.ts";
import { afterProbe, newTarget, type TargetHealth } from "./targetHealth.ts";

export interface BackendArgs {
  target: ProxyTarget;
  healthCheck: ProxyHealthCheck | null;
  /** Cloud seconds per real second. */
  speed: number;
  /** Real milliseconds after which an idle connection to the target is closed. */
  idleMs: number;
  onState: (backend: Backend) => void;
}

/** One registration of one target: its health, its connections and what it is working on. */
export class Backend {
  readonly id: string;
  readonly registration: number;
  port: number | null;
  state: TargetState = "unused";
  reason = "Target.NotInUse";
  description = "Target group is not configured to receive traffic from the load balancer";
  readonly exchanges = new Exchanges();
  readonly agent: Agent;
  healthCheck: ProxyHealthCheck | null;
  readonly speed: number;
  readonly #onState: (backend: Backend) => void;
  #health: TargetHealth = newTarget;
  #timer: NodeJS.Timeout | undefined;
  /** Goes up whenever probing starts or stops: the answer to an older probe no longer counts. */
  #watch = 0;

  constructor({ target, healthCheck, speed, idleMs, onState }: BackendArgs) {
    this.id = target.id;
    this.registration = target.registration;
    this.port = target.port;
    this.healthCheck = healthCheck;
    this.speed = speed;
    this.#onState = onState;
    this.agent = new Agent({ keepAlive: true, timeout: idleMs });
  }

  /** Starts probing; the target is `initial` until its first success. */
  watch(): void {
    if (this.state !== "unused") return;
    this.#health = newTarget;
    this.#become("initial", "Elb.InitialHealthChecking", "Initial health checks in progress");
    this.#watch += 1;
    void this.#probe(this.#watch);
  }

  /** Takes it for healthy without a probe. */
  trust(): void {
    if (this.state === "unused") this.#become("healthy", "", "");
  }

  /** Stops probing: no rule names the target's group any more. */
  unwatch(): void {
    this.#stopProbing();
    this.#become("unused", "Target.NotInUse", "Target group is not used by any load balancer");
  }

  /**
   * Deregisters: no new requests; what is in flight goes on until the delay is over, and is then cut. The state
   * stays `draining` for the whole delay, even when nothing is in flight (AWS, "Deregistration delay"), unless it ends
   * when idle.
   */
  drain(delaySeconds: number, onGone: () => void, endWhenIdle = false): void {
    const inUse = this.state !== "unused";
    this.#stopProbing();
    this.#become(
      "draining",
      "Target.DeregistrationInProgress",
      "Target deregistration is in progress",
    );
    this.agent.maxFreeSockets = 0;
    for (const sockets of Object.values(this.agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
    const end = () => {
      this.exchanges.onFewer = undefined;
      this.close();
      this.#become("unused", "Target.NotRegistered", "Target is not registered");
      onGone();
    };
    const delayMs = inUse ? (delaySeconds * 1000) / this.speed : 0;
    if (delayMs === 0 || (endWhenIdle && this.exchanges.size === 0)) return end();
    this.#timer = setTimeout(end, delayMs);
    if (!endWhenIdle) return;
    this.exchanges.onFewer = () => {
      if (this.exchanges.size === 0) end();
    };
  }

  /** Cuts everything at once. */
  close(): void {
    this.#stopProbing();
    for (const exchange of this.exchanges) exchange.cut();
    this.agent.destroy();
  }

  async #probe(watch: number): Promise<void> {
    const { healthCheck } = this;
    if (healthCheck === null) return;
    const started = performance.now();
    const result = await probe(this.port, healthCheck, this.speed);
    if (watch !== this.#watch) return;
    const before = this.#health.state;
    this.#health = afterProbe(this.#health, result.passed, healthCheck);
    if (this.#health.state !== before) {
      this.#become(this.#health.state, result.reason, result.description);
    }
    const interval = (healthCheck.intervalSeconds * 1000) / this.speed;
    const pause = Math.max(0, interval - (performance.now() - started));
    this.#timer = setTimeout(() => void this.#probe(watch), pause);
  }

  #stopProbing(): void {
    this.#watch += 1;
    clearTimeout(this.#timer);
  }

  #become(state: TargetState, reason: string, description: string): void {
    if (state === this.state) return;
    this.state = state;
    this.reason = reason;
    this.description = description;
    this.#onState(this);
  }
}
