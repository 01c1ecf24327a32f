import type {
  Demand,
  ProxyHealthCheck,
  ProxySettings,
  ProxyTarget,
  ProxyTargetGroup,
  TargetReport,
} from "../wire.ts";
import { Backend } from "./backend.ts";
import type { Session } from "./stickiness.ts";
import { WaitingRoom } from "./waitingRoom.ts";

export interface BackendGroupArgs {
  settings: ProxySettings;
  /** Real milliseconds after which an idle connection to a target is closed. */
  idleMs: number;
  onTarget(report: TargetReport): void;
  /** A request begins to wait for a target with room. */
  onWaiting(): void;
}

/** Who asks for a target. */
export interface Visitor {
  session?: Session;
  /** Cloud time, in milliseconds since the Unix epoch. */
  now: number;
}

/** A target group: its registered targets, the draining ones, and the choice among them. */
export class BackendGroup {
  config: ProxyTargetGroup;
  readonly #args: BackendGroupArgs;
  readonly #backends = new Map<string, Backend>();
  readonly #waitingRoom = new WaitingRoom<Backend>();
  #turn = 0;
  #reported = "";

  constructor(config: ProxyTargetGroup, args: BackendGroupArgs) {
    this.config = config;
    this.#args = args;
  }

  /** Makes the targets what the configuration says. */
  apply(config: ProxyTargetGroup): void {
    this.config = config;
    const wanted = new Map(config.targets.map((target) => [key(target), target]));
    for (const [name, backend] of this.#backends) {
      if (wanted.has(name) || backend.state === "draining") continue;
      const delay = this.#args.settings.sabotage.deregistrationDelaySeconds;
      backend.drain(
        delay ?? config.deregistrationDelaySeconds,
        () => this.#backends.delete(name),
        config.admission !== undefined,
      );
    }
    for (const [name, target] of wanted) {
      const backend = this.#backends.get(name) ?? this.#register(name, target);
      backend.port = target.port;
      backend.healthCheck = this.#healthCheck();
      if (config.healthCheck === null) backend.trust();
      else if (config.loadBalancer !== null) backend.watch();
      else if (backend.state !== "unused") backend.unwatch();
    }
    this.#waitingRoom.admit();
  }

  /**
   * Finds a target, or waits for one where the group lets only so much in.
   *
   * @param give - called once, at once unless somebody has to wait; with null when there is none.
   * @returns a function for a client that leaves; `give` is not called then.
   */
  take({ session, now }: Visitor, give: (backend: Backend | null) => void): () => void {
    const { admission } = this.config;
    const find = () => this.pick(session, now);
    // Who comes later waits behind those that wait already.
    const found = this.#waitingRoom.size === 0 ? find() : null;
    if (found !== null || admission === undefined) {
      give(found);
      return () => {};
    }
    const leave = this.#waitingRoom.wait(admission.waitSeconds, find, give);
    this.#waitingRoom.admit();
    if (this.#waitingRoom.size === 1) this.#args.onWaiting();
    return leave;
  }

  /** What comes in, where that is not what it was at the last call. */
  demandIfChanged(): Demand | undefined {
    if (this.config.admission === undefined) return undefined;
    const inFlight = this.registered().reduce((sum, { exchanges }) => sum + exchanges.size, 0);
    const waiting = this.#waitingRoom.size;
    const now = `${inFlight} ${waiting}`;
    if (now === this.#reported) return undefined;
    this.#reported = now;
    return { targetGroup: this.config.arn, inFlight, waiting };
  }

  /**
   * The target for the next request, or null when none is registered. When none is healthy the group fails open:
   * every registered target gets requests (target group attribute
   * `unhealthy_state_routing.minimum_healthy_targets.count`, default 1).
   *
   * @param session - of the client. It is followed as long as its target could be chosen anyway: neither to one that is
   *   unhealthy or draining, nor beyond the group's duration (AWS, "Sticky sessions").
   * @param now - cloud time, in milliseconds since the Unix epoch.
   */
  pick(session?: Session, now = 0): Backend | null {
    const registered = this.registered();
    const healthy = registered.filter(({ state }) => state === "healthy");
    const eligible = (healthy.length > 0 ? healthy : registered).filter((one) => this.#roomy(one));
    if (eligible.length === 0) return null;
    const { stickySeconds, arn } = this.config;
    if (
      stickySeconds !== null &&
      session?.group === arn &&
      now < session.at + stickySeconds * 1000
    ) {
      const bound = eligible.find((backend) => key(backend) === session.target);
      if (bound) return bound;
    }
    this.#turn += 1;
    const turn = this.#turn % eligible.length;
    const ordered = [...eligible.slice(turn), ...eligible.slice(0, turn)];
    if (this.config.algorithm === "round_robin") return ordered[0] ?? null;
    return ordered.reduce((least, next) =>
      next.exchanges.size < least.exchanges.size ? next : least,
    );
  }

  /** The session that a response of the target begins or goes on with; undefined where clients are not kept. */
  sessionWith(backend: Backend, now: number): Session | undefined {
    if (this.config.stickySeconds === null) return undefined;
    return { group: this.config.arn, target: key(backend), at: now };
  }

  /** Every target, the draining ones included. */
  all(): Backend[] {
    return [...this.#backends.values()];
  }

  registered(): Backend[] {
    return this.all().filter(({ state }) => state !== "draining");
  }

  /** Cuts every connection: the group was deleted, or the proxy ends. */
  close(): void {
    this.#waitingRoom.close();
    for (const backend of this.#backends.values()) backend.close();
    this.#backends.clear();
  }

  #roomy({ exchanges }: Backend): boolean {
    const { admission } = this.config;
    return admission === undefined || exchanges.size < admission.concurrency;
  }

  #healthCheck(): ProxyHealthCheck | null {
    const { healthCheck } = this.config;
    if (healthCheck === null || !this.#args.settings.sabotage.ignoreHealth) return healthCheck;
    return { ...healthCheck, matcher: [[100, 599]] };
  }

  #register(name: string, target: ProxyTarget): Backend {
    const backend = new Backend({
      target,
      healthCheck: this.#healthCheck(),
      speed: this.#args.settings.speed,
      idleMs: this.#args.idleMs,
      onState: ({ id, registration, state, reason, description }) =>
        this.#args.onTarget({
          targetGroup: this.config.arn,
          target: id,
          registration,
          state,
          reason,
          description,
        }),
    });
    backend.exchanges.onFewer = () => this.#waitingRoom.admit();
    this.#backends.set(name, backend);
    return backend;
  }
}

function key({ id, registration }: { id: string; registration: number }): string {
  return `${id}#${registration}`;
}
