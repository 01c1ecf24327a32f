/** A container image as the rehearsal has it: the final stage's files in a folder, and what the Dockerfile says of running them. */
export interface Image {
  /** `sha256:…` over the build context as `.dockerignore` leaves it, and the Dockerfile. */
  digest: string;
  /** Folder that stands for the image's `/`. */
  root: string;
  /** Image paths inside ENV, WORKDIR, ENTRYPOINT and CMD are already rewritten to lie under `root`. */
  env: Record<string, string>;
  workdir: string;
  entrypoint: string[];
  cmd: string[];
  healthcheck?: ContainerHealthCheck;
  /** The HEALTHCHECK's command as the Dockerfile has it, for a task definition: `["CMD", …]` or `["CMD-SHELL", "…"]`. */
  healthCommand?: string[];
  stopSignal: NodeJS.Signals;
  user: string;
  exposedPorts: number[];
  /** Instructions that the rehearsal does not carry out, with their line: listed for the user. */
  notRehearsed: { line: number; text: string }[];
}

/** A health check that runs in the container; times in cloud seconds, as Docker and ECS have them. */
export interface ContainerHealthCheck {
  /** `["CMD", …]` or `["CMD-SHELL", "…"]`. */
  test: string[];
  intervalSeconds: number;
  timeoutSeconds: number;
  startPeriodSeconds: number;
  retries: number;
}
