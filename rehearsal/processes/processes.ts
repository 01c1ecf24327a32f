/**
 * The processes of one rehearsal. Each is the leader of its own process group and is recorded in the run file, so
 * that the watchdog can end all of them, with their children, when the rehearsal dies by whatever means.
 */
export interface Processes {
  /** Starts a process; its first output line may arrive before this returns. */
  spawn(spec: ProcessSpec): ManagedProcess;
  /** Ends every process that is still running (TERM, then KILL) and the watchdog. */
  close(): Promise<void>;
}

export interface ProcessSpec {
  /** For people: "load balancer", "task platform/3". */
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  /** Whole environment; the run's marker is added. */
  env: Record<string, string>;
  /** Opens a channel for structured messages (Node children only). Default: false. */
  ipc?: boolean;
  /** Gives way, with all that it starts, where the processors are busy. Default: false. */
  givesWay?: boolean;
}

export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves, never rejects, when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** The last lines of output, standard error included; at most 200. */
  readonly output: string[];
  onLine(listener: (line: string) => void): void;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Signals the process itself, not its group. */
  signal(signal: NodeJS.Signals): void;
  /** TERM to the process, KILL to its group after `graceSeconds` of real time. */
  stop(graceSeconds: number): Promise<void>;
}
