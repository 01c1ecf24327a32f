import { z } from "zod";
import { text, whole } from "./fields.ts";
import { healthOverrideSchema } from "./healthSchema.ts";

const taskCounts = z.strictObject({
  min: whole(1, 1000, "tasks", "Fewest tasks.").default(2),
  max: whole(1, 1000, "tasks", "Most tasks.").default(4),
  targetCpuPercent: whole(
    10,
    90,
    "percent",
    "Average CPU of the tasks that scaling aims at.",
  ).default(60),
});

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
    description: "Public path prefix; different for each service.",
    allowed: "a path of letters, digits and . _ ~ - that starts with / and does not end with one",
  })
    .max(100)
    .default("/"),
  cpu: whole(128, 196608, "CPU units, 1024 are one vCPU", "CPU of a task.").default(256),
  memory: whole(64, 1000000, "MiB", "Memory of a task.").default(512),
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
      text(
        /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[\w/+=.@-]*:[\w-]*:[\w-]*)?|ssm:[a-z0-9-]+:\d{12}:parameter\/[\w.\-/]+(:\d+)?)$/,
        {
          description: "Where the value is.",
          allowed:
            "the ARN of a Secrets Manager secret (arn:aws:secretsmanager:…:secret:…) or of an SSM parameter (arn:aws:ssm:…:parameter/…)",
          mend: "Keep the value there and write its ARN; a value in the settings would be readable.",
          hidden: true,
        },
      ),
    )
    .default({})
    .meta({
      description:
        "Environment names whose values come from a secret store when a task starts. An ARN that names a version makes the version part of the release.",
      allowed: "a map of ARNs",
    }),
  health: healthOverrideSchema
    .optional()
    .meta({ description: "What differs from `symphainy:health` for this service." }),
  drainSeconds: whole(
    0,
    115,
    "seconds",
    "How long the platform goes on accepting after SIGTERM, while readiness fails.",
  ).default(20),
  stopTimeoutSeconds: whole(
    2,
    120,
    "seconds",
    "From SIGTERM to SIGKILL; more than drainSeconds.",
  ).default(45),
  keepAliveSeconds: whole(
    2,
    4100,
    "seconds",
    "How long the platform keeps an idle connection; more than the load balancer's idle time-out.",
  ).default(75),
});

export type ParsedService = z.output<typeof serviceSchema>;
