import { type DeploymentInputs, strategies } from "./messages.ts";
import { isObject, type Json, unknown } from "./properties.ts";

/** What one input must be. */
export interface Rule {
  optional?: boolean;
  /** Its value never gets into a message. */
  secret?: boolean;
  /** @returns what the value must be, when it is not. */
  test(value: Json): string | undefined;
}

const text: Rule = {
  test: (value) => (typeof value === "string" && value !== "" ? undefined : "a non-empty string"),
};
const optionalText: Rule = { ...text, optional: true };
const url: Rule = {
  test: (value) =>
    typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value)
      ? undefined
      : "an http or https URL",
};
const optionalUrl: Rule = { ...url, optional: true };
const steps: Rule = {
  test: (value) =>
    Array.isArray(value) &&
    value.at(-1) === 100 &&
    value.every((step, at) => typeof step === "number" && step > Number(value[at - 1] ?? 0))
      ? undefined
      : "a list of rising percentages that ends at 100",
};
const alarms: Rule = {
  test: (value) =>
    Array.isArray(value) && value.every((item) => item === unknown || isAlarm(item))
      ? undefined
      : "a list of alarms, each with a name and what it watches",
};
const optionalTexts: Rule = {
  optional: true,
  test: (value) =>
    Array.isArray(value) && value.every((item) => item === unknown || !text.test(item))
      ? undefined
      : "a list of non-empty strings",
};
const optionalUrls: Rule = {
  optional: true,
  test: (value) =>
    isObject(value) && Object.values(value).every((item) => item === unknown || !url.test(item))
      ? undefined
      : "a map of service name to http or https URL",
};

function isAlarm(item: Json): boolean {
  if (!isObject(item)) return false;
  const { name = "", watches = "" } = item;
  return [name, watches].every((it) => it === unknown || text.test(it) === undefined);
}

function oneOf(words: readonly string[]): Rule {
  return {
    test: (value) =>
      typeof value === "string" && words.includes(value)
        ? undefined
        : `one of ${words.map((word) => `"${word}"`).join(", ")}`,
  };
}

function number(least: number, most: number, { whole = false } = {}): Rule {
  const range = Number.isFinite(most) ? `from ${least} to ${most}` : `of at least ${least}`;
  return {
    test: (value) =>
      typeof value === "number" &&
      value >= least &&
      value <= most &&
      (!whole || Number.isInteger(value))
        ? undefined
        : `a ${whole ? "whole number" : "number"} ${range}`,
  };
}

const minutes = number(0.1, 20_160);
const seconds = number(0.1, 3_600);
const count = number(1, 1_000, { whole: true });

/** Every input that all clouds share. 20160 minutes is the longest pause that ECS allows. */
export const sharedRules: Readonly<Record<string, Rule>> = {
  service: text,
  release: text,
  "deployment.kind": oneOf(["ecs", "cloudRun"]),
  "deployment.configuration": text,
  "deployment.image": text,
  "deployment.scaleUpMinutes": minutes,
  "deployment.connection.region": text,
  "gate.url": url,
  "gate.audience": optionalUrl,
  "gate.onlyFrom": optionalText,
  "gate.header.name": optionalText,
  "gate.header.value": { ...optionalText, secret: true },
  "gate.thresholdPercent": number(1, 100),
  "gate.consecutivePasses": count,
  "gate.intervalSeconds": seconds,
  "gate.timeoutSeconds": seconds,
  "gate.deadlineMinutes": minutes,
  "bake.minutes": number(0, 1_440),
  "bake.steps": steps,
  "bake.stepMinutes": number(0, 1_440),
  "bake.alarms": alarms,
  "bake.intervalSeconds": number(1, 3_600),
  "bake.analysis.minimumRequests": number(1, Number.POSITIVE_INFINITY, { whole: true }),
  "bake.analysis.errorPercent": number(0, 100),
  "bake.analysis.latencyPercent": number(0, Number.POSITIVE_INFINITY),
  "bake.analysis.latencySeconds": number(0, 3_600),
  "bake.analysis.significance": number(0.000_001, 0.5),
  "bake.analysis.objective.p95Seconds": { ...number(0, 3_600), optional: true },
  "bake.analysis.objective.minutes": { ...number(1, 1_440, { whole: true }), optional: true },
  "bake.analysis.patienceMinutes": number(0, 1_440),
  "bake.analysis.inconclusive": oneOf(["continue", "rollBack"]),
  "proof.url": url,
  "proof.audience": optionalUrl,
  "proof.onlyFrom": optionalText,
  "proof.consecutiveAnswers": count,
  "proof.intervalSeconds": seconds,
  "proof.timeoutSeconds": seconds,
  "proof.deadlineMinutes": minutes,
};

/** By kind of deployment: the inputs of its cloud alone. */
export const cloudRules: Readonly<
  Record<DeploymentInputs["kind"], Readonly<Record<string, Rule>>>
> = {
  ecs: {
    "deployment.cluster": text,
    "deployment.ecsService": text,
    "deployment.taskDefinition": {
      test: (value) =>
        typeof value === "string" && /:task-definition\/[^:/]+:\d+$/.test(value)
          ? undefined
          : "the ARN of a task definition with its revision number",
    },
    "deployment.calls": optionalTexts,
    "deployment.strategy": oneOf(strategies),
    "deployment.tasks.min": number(0, 10_000, { whole: true }),
    "deployment.tasks.max": number(0, 10_000, { whole: true }),
    "deployment.traffic.loadBalancer": text,
    "deployment.traffic.productionRule": text,
    "deployment.connection.profile": optionalText,
    "deployment.connection.assumeRole.roleArn": optionalText,
    "deployment.connection.assumeRole.sessionName": optionalText,
    "deployment.connection.assumeRole.externalId": optionalText,
    "deployment.connection.endpoints": optionalUrls,
  },
  cloudRun: {
    "deployment.cloudRunService": {
      test: (value) =>
        typeof value === "string" &&
        /^projects\/[^/]+\/locations\/[^/]+\/services\/[^/]+$/.test(value)
          ? undefined
          : "the full name of a service, projects/PROJECT/locations/REGION/services/NAME",
    },
    "deployment.strategy": oneOf(strategies.filter((strategy) => strategy !== "ROLLING")),
    "deployment.steps": steps,
    "deployment.connection.project": text,
    "deployment.connection.impersonateServiceAccount": optionalText,
    "deployment.connection.accessToken": { ...optionalText, secret: true },
    "deployment.connection.credentials": { ...optionalText, secret: true },
    "deployment.connection.endpoints.run": optionalUrl,
    "deployment.connection.endpoints.monitoring": optionalUrl,
  },
};
