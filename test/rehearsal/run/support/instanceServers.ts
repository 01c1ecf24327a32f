import { releaseVariable } from "../../../../provider/messages.ts";
import type { Container, ContainerSpec } from "../../../../rehearsal/container/container.ts";
import { BackendServer } from "../../elb/backendServer.ts";

/** An instance's process: a server of this process that a test makes sick. */
export class InstanceServer implements Container {
  readonly spec: ContainerSpec;
  readonly backend: BackendServer;
  readonly port: number;
  readonly health = "UNKNOWN";
  readonly logs: string[] = [];
  /** How it was ended, in order: what a process would have got. */
  readonly signals: ("SIGTERM" | "SIGKILL")[] = [];
  running = true;
  stoppedReason: string | undefined;
  readonly #stopped: ((reason: string) => void)[] = [];

  constructor(spec: ContainerSpec, backend: BackendServer) {
    this.spec = spec;
    this.backend = backend;
    this.port = backend.port;
  }

  onHealth(): void {}

  onStopped(listener: (reason: string) => void): void {
    this.#stopped.push(listener);
  }

  async stop(): Promise<void> {
    this.signals.push("SIGTERM");
    await this.exit("stopped by SIGTERM (exited with code 0)");
  }

  async kill(): Promise<void> {
    this.signals.push("SIGKILL");
    await this.exit("ended by SIGKILL");
  }

  async exit(reason: string): Promise<void> {
    if (!this.running) return;
    this.running = false;
    this.stoppedReason = reason;
    await this.backend.close();
    for (const listener of this.#stopped) listener(reason);
  }
}

/** Starts instances; each begins as `fate` says of its release. */
export class InstanceServers {
  readonly all: InstanceServer[] = [];
  /** Status of the answers to /ready, or that it ends, or that it never listens. */
  fate: (release: string) => number | "exits" | "deaf" = () => 200;
  /** Holds every start back until it resolves. */
  gate: Promise<void> = Promise.resolve();

  readonly start = async (spec: ContainerSpec): Promise<Container> => {
    const release = spec.env[releaseVariable] ?? "";
    const backend = await BackendServer.start(release);
    const server = new InstanceServer(spec, backend);
    this.all.push(server);
    await this.gate;
    const fate = this.fate(release);
    if (typeof fate === "number") backend.ready = fate;
    else if (fate === "exits") setImmediate(() => void server.exit("exited with code 1: no"));
    else await backend.close();
    return server;
  };

  running(release: string): InstanceServer[] {
    return this.all.filter(({ running, backend }) => running && backend.release === release);
  }
}
