import { join } from "node:path";
import { projectRoot } from "./workspace.ts";

export interface OperatorEnvironmentArgs {
  /** Home of the operator; the state lies in it. */
  folder: string;
  /** Provider name → port. */
  ports: Record<string, number>;
  /** Of whoever speaks to the cloud. */
  credentials: Readonly<Record<string, string>>;
}

/**
 * A backend in a folder. The metadata that the engine would keep beside each file is written in place: a runner that is
 * killed in that moment would leave an empty one, and nobody could read the stack any more.
 */
export function fileBackend(folder: string): string {
  return `file://${folder}?metadata=skip`;
}

/**
 * Whole environment of the operator: a file backend and a home of its own, no credentials but made-up ones, and
 * every provider attached.
 */
export function operatorEnvironment({
  folder,
  ports,
  credentials,
}: OperatorEnvironmentArgs): Record<string, string> {
  return {
    PATH: [
      join(projectRoot, "node_modules", ".bin"),
      join(projectRoot, "rehearsal", "bin"),
      process.env.PATH,
    ].join(":"),
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: fileBackend(join(folder, "state")),
    PULUMI_CONFIG_PASSPHRASE: "rehearsal",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // With it an operation on 72 resources takes 0.75–3.7 s, without it 4–5 s.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // An engine lives for seconds: to collect its garbage costs an eighth of its time, and half of a start.
    GOGC: "off",
    GOMEMLIMIT: "1GiB",
    PULUMI_DEBUG_PROVIDERS: Object.entries(ports)
      .map(([name, port]) => `${name}:${port}`)
      .join(","),
    ...credentials,
  };
}
