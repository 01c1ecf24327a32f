import type { Alarm, Alarms } from "../../../provider/alarms.ts";
import { CheckFailed } from "../../../provider/checkFailed.ts";
import type { Clock } from "../../../provider/clock.ts";
import type { Cloud, Clouds } from "../../../provider/cloud.ts";
import type {
  Checkpoint,
  Claim,
  Deployment,
  DeploymentController,
  DeploymentEvent,
  Hold,
  Sides,
  TaskFailures,
} from "../../../provider/deploymentController.ts";
import type { MinuteFigures, TrafficFigures } from "../../../provider/figures.ts";
import type { LiveRelease } from "../../../provider/messages.ts";
import type { Probe, ProbeAnswer } from "../../../provider/probe.ts";
import { releaseOf } from "./promotionInputs.ts";

/**
 * A cloud of one service, in memory: gate, bake and end, answered by whoever promotes. What is live has its traffic
 * in group-a, the candidate in group-b.
 */
export class FakeCloud implements DeploymentController, Alarms {
  /** What takes the traffic. */
  current: LiveRelease | undefined;
  /** What happened, in order. */
  readonly log: string[] = [];
  readonly alarms = new Map<string, Omit<Alarm, "name">>();
  /** How healthy each release says it is; 100 where nothing is set. */
  readonly health = new Map<string, number>();
  /** Makes a deployment end by itself before its gate. */
  brokenBy: string | undefined;
  readonly clock: Clock;
  inFlight: FakeDeployment | undefined;
  #wanted = { release: "", revision: "" };
  #wantedConfiguration = "";
  /** Of what is deployed. */
  configuration = "";

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** What each group's load balancer measured of the minute that begins at a time; nothing where nothing is set. */
  readonly measured = new Map<string, (at: number) => Omit<MinuteFigures, "at"> | undefined>();
  /** What was changed by hand. */
  byHand: string[] = [];
  heldBy: Hold | undefined;
  /** Tasks of the candidate that have failed. */
  failures: TaskFailures = { failed: 0, limit: 3, reasons: "" };
  /** Who follows the service's deployment. */
  claims: string[] = [];
  /** Checkpoints on the way of a deployment. */
  checkpoints: Checkpoint["purpose"][] = ["gate", "bake"];
  /** Whoever else follows the service's deployment. */
  otherRunner: string | undefined;

  readonly figures: TrafficFigures = {
    read: async (group, fromMs, toMs) => {
      this.refuse("figures");
      const minutes: MinuteFigures[] = [];
      for (let at = Math.ceil(fromMs / 60_000) * 60_000; at + 60_000 <= toMs; at += 60_000) {
        const minute = this.measured.get(group)?.(at);
        if (minute) minutes.push({ at, ...minute });
      }
      return minutes;
    },
  };

  /** Requests that fail. */
  refuses = new Set<Request>();
  /** What the public URL answers instead of the live release. */
  publicAnswer: ProbeAnswer | undefined;
  /** Called when a deployment reaches a checkpoint, before anybody hears of it. */
  onCheckpoint: (checkpoint: Checkpoint) => void = () => undefined;

  readonly clouds: Clouds = {
    ecs: async ({ taskDefinition, configuration }) => {
      this.#wanted = { release: releaseOf(taskDefinition), revision: taskDefinition };
      this.#wantedConfiguration = configuration;
      return { controller: this, alarms: this, figures: this.figures } satisfies Cloud;
    },
    cloudRun: async () => {
      throw new Error("this cloud has ECS only");
    },
  };

  readonly probe: Probe = async ({ url, header }, signal): Promise<ProbeAnswer> => {
    signal.throwIfAborted();
    if (!header && this.publicAnswer) return this.publicAnswer;
    const release = header ? this.inFlight?.release : this.current?.release;
    if (release === undefined) return { error: "connect ECONNREFUSED" };
    const healthPercentage = url.endsWith("/health")
      ? (this.health.get(release) ?? 100)
      : undefined;
    return { status: (healthPercentage ?? 100) < 80 ? 503 : 200, release, healthPercentage };
  };

  async begin(signal: AbortSignal): Promise<Deployment | undefined> {
    signal.throwIfAborted();
    const { release, revision } = this.#wanted;
    const isLive = this.current?.revision === revision;
    if (isLive && this.configuration === this.#wantedConfiguration) return undefined;
    this.configuration = this.#wantedConfiguration;
    this.log.push(`deploy ${release}`);
    this.inFlight = new FakeDeployment(this, release, revision);
    return this.inFlight;
  }

  async live(): Promise<LiveRelease | undefined> {
    this.refuse("live");
    return this.current;
  }

  refuse(request: Request): void {
    if (this.refuses.has(request)) throw new Error(`${request} refused`);
  }

  async drift(): Promise<string[]> {
    return this.inFlight ? [] : this.byHand;
  }

  async repair(): Promise<void> {
    this.log.push("repair");
    this.byHand = [];
  }

  async claim(by: string): Promise<Claim> {
    if (this.otherRunner) throw new CheckFailed("deployment", `${this.otherRunner} follows it`);
    this.claims.push(by);
    return {
      release: async () => {
        this.claims = this.claims.filter((one) => one !== by);
      },
    };
  }

  async hold(): Promise<Hold | undefined> {
    return this.heldBy;
  }

  async stop(_reason: string, _signal: AbortSignal): Promise<void> {
    this.log.push("stop");
    this.inFlight = undefined;
  }

  async read(names: readonly string[], signal: AbortSignal): Promise<Alarm[]> {
    signal.throwIfAborted();
    return names.map((name) => ({
      name,
      ...(this.alarms.get(name) ?? { state: "OK", reason: "" }),
    }));
  }
}

type Request = "answer" | "rollBack" | "live" | "figures";

class FakeDeployment implements Deployment {
  readonly id = "deployment-1";
  readonly hasCheckpoints: boolean;
  readonly release: string;
  readonly revision: string;
  readonly #cloud: FakeCloud;
  readonly #before: LiveRelease | undefined;
  readonly #events: DeploymentEvent[];
  #passed = 0;

  constructor(cloud: FakeCloud, release: string, revision: string) {
    this.#cloud = cloud;
    this.release = release;
    this.revision = revision;
    this.#before = cloud.current;
    const [first] = cloud.checkpoints;
    this.hasCheckpoints = first !== undefined;
    this.#events = [{ kind: "progress", message: "scaling up" }];
    if (first) this.#events.push(checkpoint(first));
    if (cloud.brokenBy !== undefined) this.#events = [rolledBack(cloud.brokenBy)];
  }

  async failures(): Promise<TaskFailures> {
    return this.#cloud.failures;
  }

  async sides(): Promise<Sides> {
    return { candidate: "group-b", ...(this.#before && { live: "group-a" }) };
  }

  async next(signal: AbortSignal): Promise<DeploymentEvent> {
    for (;;) {
      signal.throwIfAborted();
      const event = this.#events.shift();
      if (event?.kind === "checkpoint") this.#cloud.onCheckpoint(event);
      if (event) return event;
      await this.#cloud.clock.sleep(5, signal);
    }
  }

  async answer({ purpose }: Checkpoint, verdict: "continue" | "rollBack"): Promise<void> {
    this.#cloud.refuse("answer");
    this.#cloud.log.push(`${purpose}: ${verdict}`);
    if (verdict === "rollBack") return this.#undo("ROLLBACK answered");
    const since = new Date(this.#cloud.clock.now()).toISOString();
    this.#cloud.current =
      purpose === "gate" || this.#cloud.current?.revision === this.revision
        ? { release: this.release, revision: this.revision, configuration: "unknown", since }
        : this.#cloud.current;
    const { checkpoints } = this.#cloud;
    this.#passed += 1;
    const next = checkpoints[this.#passed];
    if (next) this.#events.push(checkpoint(next));
    else {
      this.#events.push({ kind: "ended", outcome: "live", reason: "SUCCESSFUL" });
      this.#cloud.inFlight = undefined;
    }
  }

  async rollBack(reason: string): Promise<void> {
    this.#cloud.refuse("rollBack");
    this.#cloud.log.push("rollBack");
    this.#undo(reason);
  }

  /** What the cloud or somebody else does. */
  tell(event: DeploymentEvent): void {
    this.#events.push(event);
  }

  #undo(reason: string): void {
    this.#cloud.current = this.#before;
    this.#cloud.inFlight = undefined;
    this.#events.length = 0;
    this.#events.push(rolledBack(reason));
  }
}

function checkpoint(purpose: Checkpoint["purpose"]): Checkpoint {
  return { kind: "checkpoint", id: `hook-${purpose}`, purpose, stage: `STAGE_OF_${purpose}` };
}

function rolledBack(reason: string): DeploymentEvent {
  return { kind: "ended", outcome: "rolledBack", reason };
}
