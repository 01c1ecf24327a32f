import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { releaseVariable } from "../provider/messages.ts";
import { callProblems } from "./callChecks.ts";
import { keyName, type Problem, show } from "./problems.ts";
import { scheduleProblems } from "./scheduleChecks.ts";
import type { ParsedSettings } from "./schema.ts";
import type { ParsedService } from "./serviceSchema.ts";

/** Variables that the program sets itself → what to use instead. */
const reservedVariables: Readonly<Record<string, string>> = {
  [releaseVariable]: "the program sets it to the id of the release",
  PORT: "use the service's port",
  HEALTH_THRESHOLD_PERCENT: "use symphainy:health.thresholdPercent",
  KEEP_ALIVE_SECONDS: "use the service's keepAliveSeconds",
  DRAIN_SECONDS: "use the service's drainSeconds",
  SERVICE_ENDPOINTS: "use the service's calls",
  SERVICE_IDENTITY: "the program sets it where a service calls private ones",
};

/**
 * Names end up in target groups, of at most 32 characters: the rest is for the stack's suffixes.
 */
const serviceName = /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/;

/** What is wrong with the services, wherever they run. */
export function serviceProblems(settings: ParsedSettings, root: string): Problem[] {
  const services = Object.entries(settings.services);
  if (services.length === 0) {
    return [
      {
        keys: [["services"]],
        finding: "is empty",
        allowed: "a map with at least one service",
        mend: "Write {platform: {context: platform}}, or leave the key out to get that.",
      },
    ];
  }
  return [
    ...services.flatMap(([name, service]) => [
      ...nameProblems(name),
      ...imageProblems(name, service, root),
      ...variableProblems(name, service),
      ...countProblems(name, service),
      ...scheduleProblems(name, service.tasks),
    ]),
    ...callProblems(settings),
  ];
}

function nameProblems(name: string): Problem[] {
  // Security groups are named for their service, and EC2 keeps this beginning for their ids.
  if (serviceName.test(name) && !name.startsWith("sg-")) return [];
  return [
    {
      keys: [["services", name]],
      finding: `has the name ${show(name)}`,
      allowed:
        "a name of 1 to 20 lower-case letters, digits and hyphens that starts with a letter, but not with sg-, and does not end with a hyphen",
      mend: "Rename the service.",
    },
  ];
}

function imageProblems(name: string, service: ParsedService, root: string): Problem[] {
  const key = ["services", name];
  const { context, image } = service;
  const either = "either a context to build from or an image by digest";
  if (image !== undefined) {
    if (context === undefined && Object.keys(service.buildArgs).length === 0) return [];
    const extra = context === undefined ? "buildArgs" : "context";
    return [
      {
        keys: [key, [...key, "image"], [...key, extra]],
        finding: `has both an image and ${extra}`,
        allowed: either,
        mend: `Remove ${keyName([...key, extra])} to run the image, or image to build one.`,
      },
    ];
  }
  if (context === undefined) {
    return [
      {
        keys: [key, [...key, "image"], [...key, "context"]],
        finding: "has neither a context nor an image",
        allowed: either,
        mend: `Add ${keyName([...key, "context"])} or ${keyName([...key, "image"])}.`,
      },
    ];
  }
  const folder = resolve(root, context);
  if (!stat(folder)?.isDirectory()) {
    return [
      missing([...key, "context"], context, "an existing folder, relative to the project's root"),
    ];
  }
  if (!stat(resolve(folder, service.dockerfile))?.isFile()) {
    const allowed = `an existing file, relative to the build context ${context}`;
    return [missing([...key, "dockerfile"], service.dockerfile, allowed)];
  }
  return [];
}

function missing(key: readonly string[], value: string, allowed: string): Problem {
  return {
    keys: [key],
    finding: `is ${show(value)}, which is not there`,
    allowed,
    mend: "Correct the path, or create what it names.",
  };
}

function variableProblems(name: string, { env, secrets }: ParsedService): Problem[] {
  return [
    ...Object.keys(env).map((it) => ["env", it]),
    ...Object.keys(secrets).map((it) => ["secrets", it]),
  ].flatMap(([kind = "", variable = ""]): Problem[] => {
    const key = ["services", name, kind, variable];
    const instead = reservedVariables[variable];
    if (instead !== undefined) {
      return [
        {
          keys: [key],
          finding: "is a reserved name",
          allowed: `any name but ${Object.keys(reservedVariables).join(", ")}`,
          mend: `Remove it: ${instead}.`,
        },
      ];
    }
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
      return [
        {
          keys: [key],
          finding: "is not a name for a variable",
          allowed: "letters, digits and underscores, not starting with a digit",
          mend: "Rename it.",
        },
      ];
    }
    if (kind === "secrets" && variable in env) {
      return [
        {
          keys: [key, ["services", name, "env", variable]],
          finding: "is also in env",
          allowed: "each variable once",
          mend: `Remove ${keyName(["services", name, "env", variable])}.`,
        },
      ];
    }
    return [];
  });
}

function countProblems(name: string, { tasks }: ParsedService): Problem[] {
  if (tasks.min <= tasks.max) return [];
  return [
    {
      keys: [
        ["services", name, "tasks", "min"],
        ["services", name, "tasks", "max"],
      ],
      finding: `is ${tasks.min}`,
      allowed: `at most tasks.max, which is ${tasks.max}`,
      mend: "Lower min or raise max.",
    },
  ];
}

function stat(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
