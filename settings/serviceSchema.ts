import { z } from "zod";
import { cronAllowed } from "./cronMistake.ts";
import { text, whole } from "./fields.ts";
import { healthOverrideSchema } from "./healthSchema.ts";
import { derivedDefault } from "./targetDefaults.ts";
import { timeZoneAllowed } from "./timeZone.ts";

const scheduledMinimum = z.strictObject({
  cron: z.string().meta({
    description: "When: minutes, hours, day of the month, month, day of the week, year.",
    allowed: cronAllowed,
  }),
  timezone: z.string().default("UTC").meta({
    description: "Zone whose clocks that is by; they go forward and back as there.",
    allowed: timeZoneAllowed,
  }),
  min: whole(1, 1000, "tasks", "Fewest tasks from then on."),
});

const taskCounts = z.strictObject({
  min: whole(
    0,
    1000,
    "tasks",
    "Fewest tasks, or instances. 0 on cloudrun alone: nothing runs, or costs, without requests, and the first one waits for a start.",
  ).default(2),
  max: whole(1, 1000, "tasks", "Most tasks, or instances.").default(4),
  targetCpuPercent: whole(
    10,
    90,
    "percent",
    "Average CPU of the tasks that scaling aims at. Cloud Run has an aim of its own.",
  ).default(60),
  targetRequestsPerMinute: whole(
    1,
    1_000_000,
    "requests a minute",
    "Requests that scaling aims at for each task, besides the CPU: more tasks come when either asks for them, and go when neither needs them. Cloud Run goes by `cloudRun.concurrency`.",
  ).optional(),
  schedule: z.array(scheduledMinimum).max(10).default([]).meta({
    description:
      "Fewest tasks at certain times, such as before the working day begins. One entry has to go back to `tasks.min`. Not on cloudrun.",
    allowed: "a list of at most 10 maps with cron, timezone and min",
  }),
});

/** How a secret is named, by cloud. */
export const secretForms = {
  aws: /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[\w/+=.@-]*:[\w-]*:[\w-]*)?|ssm:[a-z0-9-]+:\d{12}:parameter\/[\w.\-/]+(:\d+)?)$/,
  gcp: /^projects\/[a-z0-9:.-]+\/secrets\/[\w-]{1,255}(\/versions\/(latest|[1-9]\d*))?$/,
} as const;

/** The same in words. */
export const secretAllowed = {
  aws: "the ARN of a Secrets Manager secret (arn:aws:secretsmanager:…:secret:…) or of an SSM parameter (arn:aws:ssm:…:parameter/…)",
  gcp: "projects/PROJECT/secrets/SECRET of Secret Manager, with /versions/NUMBER or /versions/latest or without",
} as const;

/** One entry of `symphainy:services`. */
export const serviceSchema = z.strictObject({
  context: z.string().min(1).optional().meta({
    description: "Build context. Either this or `image`.",
    allowed: "a folder, relative to the project's root",
  }),
  dockerfile: z.string().min(1).default("Dockerfile").meta({
    description: "Dockerfile of the build.",
    allowed: "a file, relative to the build context",
  }),
  buildArgs: z
    .record(
      z.string(),
      z
        .string()
        .meta({ description: "A build argument.", allowed: "a text (quote numbers and booleans)" }),
    )
    .default({})
    .meta({
      description: "Build arguments; they end up in the image, so no secrets.",
      allowed: "a map of texts",
    }),
  image: text(/^[a-z0-9][\w.:/-]*@sha256:[0-9a-f]{64}$/, {
    description: "An image that exists already; skips the build.",
    allowed: "repository@sha256:DIGEST: a tag can be moved to another image, a digest cannot",
    mend: "Write the digest that the registry shows for the tag.",
  }).optional(),
  port: whole(1, 65535, "", "Port that the container listens on.").default(8000),
  path: text(/^\/([\w.~-]+(\/[\w.~-]+)*)?$/, {
    description:
      "Public path prefix; different for each service, but on cloudrun, where each has a URL of its own.",
    allowed: "a path of letters, digits and . _ ~ - that starts with / and does not end with one",
  })
    .max(100)
    .default("/"),
  cpu: whole(128, 196608, "CPU units, 1024 are one vCPU", "CPU of a task, or an instance.")
    .optional()
    .meta({ derived: derivedDefault("cpu") }),
  memory: whole(64, 1000000, "MiB", "Memory of a task, or an instance.").default(512),
  tasks: taskCounts.prefault({}).meta({ description: "How many tasks run." }),
  env: z
    .record(
      z.string(),
      z.string().meta({
        description: "A variable.",
        allowed: "a text: quote numbers and booleans",
        mend: "Put quotes around the value.",
      }),
    )
    .default({})
    .meta({
      description: "Plain environment of the container; a change of it is a new release.",
      allowed: "a map of texts",
    }),
  secrets: z
    .record(
      z.string(),
      text(new RegExp(`${secretForms.aws.source}|${secretForms.gcp.source}`), {
        description: "Where the value is.",
        allowed: `${secretAllowed.aws}; on cloudrun ${secretAllowed.gcp}`,
        mend: "Keep the value there and write its ARN, or name; a value in the settings would be readable.",
        hidden: true,
      }),
    )
    .default({})
    .meta({
      description:
        "Environment names whose values come from a secret store when a task starts. A version that is named is part of the release; latest is not.",
      allowed: "a map of ARNs, or of names on cloudrun",
    }),
  health: healthOverrideSchema
    .optional()
    .meta({ description: "What differs from `symphainy:health` for this service." }),
  drainSeconds: whole(
    0,
    115,
    "seconds",
    "How long the platform goes on accepting after SIGTERM, while readiness fails. At most 8 on cloudrun.",
  )
    .optional()
    .meta({ derived: derivedDefault("drainSeconds") }),
  stopTimeoutSeconds: whole(
    2,
    120,
    "seconds",
    "From SIGTERM to SIGKILL; more than drainSeconds. Always 10 on cloudrun.",
  )
    .optional()
    .meta({ derived: derivedDefault("stopTimeoutSeconds") }),
  keepAliveSeconds: whole(
    2,
    4100,
    "seconds",
    "How long the platform keeps an idle connection; more than the load balancer's idle time-out.",
  ).default(75),
  stickySessionSeconds: whole(
    0,
    604_800,
    "seconds",
    "Sessions: how long a client is led to the same task by a cookie of the load balancer; 0 is off. A task that leaves, and a new release, end the session. On cloudrun any other number than 0 is on, for as long as Cloud Run's own cookie lives (30 days).",
  ).default(0),
  securityGroups: z
    .array(
      text(/^sg-[0-9a-f]{8}([0-9a-f]{9})?$/, {
        description: "A security group.",
        allowed: "the id of a security group, sg- and 8 or 17 hexadecimal digits",
      }),
    )
    // Five on an interface, of which one is the tasks' own.
    .max(4)
    .default([])
    .meta({
      description:
        "Security groups of the tasks besides their own, such as one that a database lets in. A change of them is a deployment that passes the gate. Not on cloudrun.",
      allowed: "a list of at most 4 ids of security groups",
    }),
  calls: z
    .array(
      text(/^[a-z][a-z0-9-]*$/, {
        description: "A service.",
        allowed: "the name of another service of this stack",
      }),
    )
    .max(10)
    .default([])
    .meta({
      description:
        "Services that this one calls; two may call each other. It finds their URLs in `SERVICE_ENDPOINTS`, and its releases go live after theirs. A change of them is a new release.",
      allowed: "a list of at most 10 names of other services of this stack",
    }),
  release: text(/^[0-9a-f]{12}$/, {
    description:
      "Pin: the recorded release that the service is held at, whatever else the settings say. Nothing is built while it is there. Removing it rolls forward.",
    allowed: "the id of a release that went live here, 12 hexadecimal digits in quotes",
    mend: "Look ids up in the history, or remove the key to release what the settings say.",
  }).optional(),
});

/** One service, with what its target has where it names none. */
export type ParsedService = z.output<typeof serviceSchema> & {
  cpu: number;
  drainSeconds: number;
  stopTimeoutSeconds: number;
};
