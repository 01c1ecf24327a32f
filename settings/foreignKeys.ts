import type { Problem } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";

type Values = Readonly<Record<string, unknown>>;

/** A key that means nothing on a target. */
interface Foreign {
  /** `*` is every service. */
  readonly path: readonly string[];
  /** What the target has to say to it. */
  readonly because: string;
  readonly mend: string;
}

const remove = "Remove it.";

const onCloudRun: readonly Foreign[] = [
  {
    path: ["certificateArn"],
    because: "Cloud Run has certificates of its own for its URLs",
    mend: remove,
  },
  {
    path: ["loadBalancer"],
    because: "Cloud Run leads requests to instances itself",
    mend: "Remove it; deletion is symphainy:cloudRun.deletionProtection.",
  },
  {
    path: ["network"],
    because: "instances are in none that the program makes",
    mend: "Remove it; the way into a network that exists is symphainy:cloudRun.network.",
  },
  { path: ["ec2"], because: "there are no instances of EC2", mend: remove },
  { path: ["fargate"], because: "there is no Fargate", mend: remove },
  {
    path: ["alarms", "topics"],
    because: "Cloud Monitoring tells no SNS topics",
    mend: "Write symphainy:cloudRun.notificationChannels instead.",
  },
  {
    path: ["rollout", "deregistrationDelaySeconds"],
    because:
      "Cloud Run lets requests end on their own, for up to symphainy:cloudRun.requestTimeoutSeconds",
    mend: remove,
  },
  {
    path: ["rollout", "pauseTimeoutMinutes"],
    because: "Cloud Run does not wait for an answer",
    mend: remove,
  },
  {
    path: ["health", "command"],
    because: "Cloud Run checks by HTTP alone, at symphainy:health.path",
    mend: remove,
  },
  {
    path: ["services", "*", "health", "command"],
    because: "Cloud Run checks by HTTP alone, at the path of the health",
    mend: remove,
  },
  {
    path: ["services", "*", "securityGroups"],
    because: "Google Cloud has none",
    mend: "Remove it; the way into a network is symphainy:cloudRun.network.",
  },
  {
    path: ["services", "*", "tasks", "schedule"],
    because: "Cloud Run has no smallest numbers by the clock",
    mend: "Remove it, or raise tasks.min.",
  },
  {
    path: ["services", "*", "tasks", "targetCpuPercent"],
    because: "Cloud Run aims at a CPU of its own",
    mend: remove,
  },
  {
    path: ["services", "*", "tasks", "targetRequestsPerMinute"],
    because: "Cloud Run scales by the requests at once",
    mend: "Remove it; write symphainy:cloudRun.concurrency instead.",
  },
];

const onEcs: readonly Foreign[] = [
  { path: ["cloudRun"], because: "it is for cloudrun alone", mend: remove },
  {
    path: ["delivery"],
    because: "Cloud Deploy delivers to cloudrun alone",
    mend: "Remove it, or write pulumi.",
  },
  { path: ["cloudDeploy"], because: "Cloud Deploy delivers to cloudrun alone", mend: remove },
];

/**
 * Keys that somebody wrote for another target: nothing would come of them, and nobody would be told.
 *
 * @param raw - as they are written, as a default is nobody's wish.
 */
export function foreignKeyProblems(raw: Values, target: ParsedSettings["target"]): Problem[] {
  const foreign = target === "cloudrun" ? onCloudRun : onEcs;
  return foreign.flatMap(({ path, because, mend }) =>
    pathsTo(raw, path).map((key) => ({
      keys: [key],
      finding: "is set",
      allowed: `nothing on the target ${target}, as ${because}`,
      mend,
    })),
  );
}

/** Every path of that form to something that is written. */
function pathsTo(value: unknown, [first, ...rest]: readonly string[]): string[][] {
  if (first === undefined) return isWritten(value) ? [[]] : [];
  if (!isMap(value)) return [];
  const keys = first === "*" ? Object.keys(value) : [first];
  return keys.flatMap((key) => pathsTo(value[key], rest).map((path) => [key, ...path]));
}

/** What `Pulumi.yaml` has for a default counts as if nobody had written it. */
function isWritten(value: unknown): boolean {
  if (value === undefined || value === "" || value === "pulumi") return false;
  return typeof value !== "object" || value === null || Object.keys(value).length > 0;
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
