import type { Container, ContainerSpec } from "../../../../rehearsal/container/container.ts";

/** A process that does what the test says. */
export class FakeContainer implements Container {
  readonly spec: ContainerSpec;
  readonly port: number;
  readonly logs: string[] = [];
  health: "UNKNOWN" | "HEALTHY" | "UNHEALTHY" = "UNKNOWN";
  running = true;
  stoppedReason: string | undefined;
  readonly #health: ((health: "HEALTHY" | "UNHEALTHY") => void)[] = [];
  readonly #stopped: ((reason: string) => void)[] = [];

  constructor(spec: ContainerSpec, port: number) {
    this.spec = spec;
    this.port = port;
  }

  onHealth(listener: (health: "HEALTHY" | "UNHEALTHY") => void): void {
    this.#health.push(listener);
  }

  onStopped(listener: (reason: string) => void): void {
    this.#stopped.push(listener);
  }

  async stop(): Promise<void> {
    this.exit("stopped");
  }

  async kill(): Promise<void> {
    this.exit("ended by SIGKILL");
  }

  becomes(health: "HEALTHY" | "UNHEALTHY"): void {
    this.health = health;
    for (const listener of this.#health) listener(health);
  }

  exit(reason: string): void {
    if (!this.running) return;
    this.running = false;
    this.stoppedReason = reason;
    for (const listener of this.#stopped) listener(reason);
  }
}

/** Starts containers; each becomes what `fate` says of its release. */
export class FakeContainers {
  readonly all: FakeContainer[] = [];
  fate: (spec: ContainerSpec) => "HEALTHY" | "UNHEALTHY" | "UNKNOWN" | "exits" = () => "HEALTHY";

  readonly start = async (spec: ContainerSpec): Promise<Container> => {
    const container = new FakeContainer(spec, 40_000 + this.all.length);
    this.all.push(container);
    const fate = this.fate(spec);
    if (fate === "exits") setImmediate(() => container.exit("exited with code 1"));
    else if (fate !== "UNKNOWN") setImmediate(() => container.becomes(fate));
    return container;
  };

  running(release: string): FakeContainer[] {
    return this.all.filter(({ running, spec }) => running && spec.env.RELEASE_ID === release);
  }
}
