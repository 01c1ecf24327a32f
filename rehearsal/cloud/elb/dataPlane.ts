import { fileURLToPath } from "node:url";
import type { ManagedProcess, Processes } from "../../processes/processes.ts";
import type {
  AccessQuery,
  AccessRecord,
  Demand,
  MetricDelta,
  Ports,
  ProxyCall,
  ProxyConfig,
  ProxyReport,
  ProxySettings,
  ProxyStats,
  TargetReport,
} from "./wire.ts";

export interface DataPlaneArgs {
  processes: Processes;
  /** The process's, for people. @default "load balancer" */
  name?: string;
  settings: ProxySettings;
  onTarget(report: TargetReport): void;
  onMetrics(deltas: MetricDelta[]): void;
  /** Told what comes in for target groups that let only so much in. @default nobody */
  onDemand?(demands: Demand[]): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject: (error: Error) => void;
}

/** The proxy's process, seen from the control plane. */
export class DataPlane {
  readonly #process: ManagedProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #args: DataPlaneArgs;
  #lastId = 0;
  #ended: Error | undefined;

  private constructor(args: DataPlaneArgs) {
    this.#args = args;
    this.#process = args.processes.spawn({
      name: args.name ?? "load balancer",
      command: process.execPath,
      args: ["--no-warnings", fileURLToPath(new URL("proxy/proxy.ts", import.meta.url))],
      env: { PATH: process.env.PATH ?? "" },
      ipc: true,
    });
    this.#process.onMessage((message) => this.#receive(message as ProxyReport));
    void this.#process.ended.then(({ code, signal }) => this.#lost(code, signal));
  }

  /** @throws when the process does not come up; the error carries its last output. */
  static async start(args: DataPlaneArgs): Promise<DataPlane> {
    const plane = new DataPlane(args);
    await plane.#call({ type: "start", settings: args.settings });
    return plane;
  }

  /** Resolves when the configuration is in force. */
  async apply(config: ProxyConfig): Promise<Ports> {
    return (await this.#call({ type: "apply", config })) as Ports;
  }

  async query(query: AccessQuery): Promise<AccessRecord[]> {
    return (await this.#call({ type: "query", query })) as AccessRecord[];
  }

  async stats(reset: boolean): Promise<ProxyStats> {
    return (await this.#call({ type: "stats", reset })) as ProxyStats;
  }

  async close(): Promise<void> {
    await this.#process.stop(1);
  }

  #call(call: ProxyCall): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ ...call, id });
    });
  }

  #receive(report: ProxyReport): void {
    if (report.type === "target") return this.#args.onTarget(report.report);
    if (report.type === "metrics") return this.#args.onMetrics(report.deltas);
    if (report.type === "demand") return this.#args.onDemand?.(report.demands);
    const waiting = this.#waiting.get(report.id);
    this.#waiting.delete(report.id);
    if (report.type === "answer") waiting?.resolve(report.result);
    else waiting?.reject(new Error(`The load balancer's proxy failed: ${report.message}`));
  }

  #lost(code: number | null, signal: NodeJS.Signals | null): void {
    const output = this.#process.output.slice(-10).join("\n");
    this.#ended = new Error(
      `The load balancer's proxy ended (${signal ?? `exit code ${code}`}).\n${output}`.trim(),
    );
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
