import type { ContainerSpec } from "../../container/container.ts";
import { AwsError } from "../awsError.ts";
import { scaledEnvironment } from "../ecs/scaledEnvironment.ts";
import { GoogleError } from "../googleError.ts";
import type { EnvVar, RevisionTemplate } from "./resources.ts";
import type { RunContext } from "./runContext.ts";

/** From SIGTERM to SIGKILL, in real seconds; nobody can change it (Cloud Run, "Container runtime contract"). */
const stopTimeoutSeconds = 10;

export interface InstanceOf {
  project: string;
  /** Short names. */
  service: string;
  revision: string;
  instance: string;
}

/**
 * The container that a revision's template asks for. The image's own HEALTHCHECK means nothing to Cloud Run.
 *
 * @throws GoogleError NOT_FOUND: the image, or a secret.
 */
export function instanceSpec(
  template: RevisionTemplate,
  { project, service, revision, instance }: InstanceOf,
  { registry, secrets, speed }: Pick<RunContext, "registry" | "secrets" | "speed">,
): ContainerSpec {
  const [container = {}] = template.containers ?? [];
  const { healthcheck: _ignored, ...image } = pull(registry, container.image ?? "");
  const declared: Record<string, string> = {
    PORT: String(portOf(template)),
    K_SERVICE: service,
    K_REVISION: revision,
    K_CONFIGURATION: service,
  };
  for (const variable of container.env ?? []) {
    declared[variable.name ?? ""] = valueOf(variable, project, secrets);
  }
  // The image's own timers are cloud time too; its other variables stay where they are.
  const { env, scaled } = scaledEnvironment({ ...image.env, ...declared }, speed);
  const names = new Set([...Object.keys(declared), ...scaled.map(({ name }) => name)]);
  const { command = [], args = [] } = container;
  return {
    name: `${revision}/${instance.slice(0, 8)}`,
    image: command.length > 0 ? { ...image, entrypoint: command, cmd: [] } : image,
    env: Object.fromEntries(Object.entries(env).filter(([name]) => names.has(name))),
    ...(args.length > 0 ? { command: args } : {}),
    stopTimeoutSeconds,
  };
}

/** The port that the container is told to listen on. */
export function portOf({ containers }: RevisionTemplate): number {
  return containers?.[0]?.ports?.[0]?.containerPort ?? 8080;
}

function pull(registry: RunContext["registry"], image: string) {
  try {
    return registry.pull(image);
  } catch (error) {
    if (error instanceof AwsError)
      throw new GoogleError("NOT_FOUND", `Image '${image}' not found.`);
    throw error;
  }
}

function valueOf(
  { value, valueSource }: EnvVar,
  project: string,
  secrets: RunContext["secrets"],
): string {
  const reference = valueSource?.secretKeyRef;
  if (reference === undefined) return value ?? "";
  const { secret = "", version = "latest" } = reference;
  const name = secret.includes("/") ? secret : `projects/${project}/secrets/${secret}`;
  const found = secrets(`${name}/versions/${version}`);
  if (found !== undefined) return found;
  throw new GoogleError("NOT_FOUND", `Secret ${name}/versions/${version} was not found`);
}
