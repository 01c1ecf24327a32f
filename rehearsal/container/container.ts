import type { ContainerHealthCheck, Image } from "./image.ts";

/** What an ECS task or a Cloud Run instance starts. */
export interface ContainerSpec {
  name: string;
  image: Image;
  /** Set over the image's own ENV. Must hold PORT. */
  env: Record<string, string>;
  /** Instead of the image's CMD. */
  command?: string[];
  /** Instead of the image's HEALTHCHECK. */
  healthCheck?: ContainerHealthCheck;
  /** TERM → KILL, in real seconds. */
  stopTimeoutSeconds: number;
}

/** A real process of the platform. */
export interface Container {
  readonly port: number;
  readonly health: "UNKNOWN" | "HEALTHY" | "UNHEALTHY";
  readonly running: boolean;
  /** Why it is not running, as the agent would say it ("exited with code 1: …"), or undefined while it runs. */
  readonly stoppedReason: string | undefined;
  onHealth(listener: (health: "HEALTHY" | "UNHEALTHY") => void): void;
  /** Called once, when the process has ended. */
  onStopped(listener: (reason: string) => void): void;
  /** The image's stop signal, KILL after the stop time-out; resolves when it has ended. */
  stop(): Promise<void>;
  /** KILL at once, for it and all that it has started: its machine is gone. Resolves when it has ended. */
  kill(): Promise<void>;
  /** The last lines that it wrote. */
  readonly logs: string[];
}
