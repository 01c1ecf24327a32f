import { promotionToken, strategies } from "./messages.ts";
import { isObject, type Json, type Properties, unknown } from "./properties.ts";

export interface Failing {
  /** Path of the input. */
  property: string;
  reason: string;
}

interface Rule {
  optional?: boolean;
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

/** Every input and what it must be. 20160 minutes is the longest pause that ECS allows. */
const rules: Record<string, Rule> = {
  service: text,
  release: text,
  "deployment.kind": {
    test: (value) => (value === "ecs" ? undefined : `"ecs", the only controller there is`),
  },
  "deployment.cluster": text,
  "deployment.ecsService": text,
  "deployment.taskDefinition": {
    test: (value) =>
      typeof value === "string" && /:task-definition\/[^:/]+:\d+$/.test(value)
        ? undefined
        : "the ARN of a task definition with its revision number",
  },
  "deployment.configuration": text,
  "deployment.image": text,
  "deployment.calls": optionalTexts,
  "deployment.strategy": oneOf(strategies),
  "deployment.tasks.min": number(0, 10_000, { whole: true }),
  "deployment.tasks.max": number(0, 10_000, { whole: true }),
  "deployment.traffic.loadBalancer": text,
  "deployment.traffic.productionRule": text,
  "deployment.scaleUpMinutes": minutes,
  "deployment.connection.region": text,
  "deployment.connection.profile": optionalText,
  "deployment.connection.assumeRole.roleArn": optionalText,
  "deployment.connection.assumeRole.sessionName": optionalText,
  "deployment.connection.assumeRole.externalId": optionalText,
  "deployment.connection.endpoints": optionalUrls,
  "gate.url": url,
  "gate.header.name": optionalText,
  "gate.header.value": optionalText,
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
  "bake.analysis.patienceMinutes": number(0, 1_440),
  "bake.analysis.inconclusive": oneOf(["continue", "rollBack"]),
  "proof.url": url,
  "proof.consecutiveAnswers": count,
  "proof.intervalSeconds": seconds,
  "proof.timeoutSeconds": seconds,
  "proof.deadlineMinutes": minutes,
};

/**
 * Checks plain inputs; a value that is not known yet passes.
 *
 * @returns one entry for each input that is wrong.
 */
export function checkInputs(inputs: Properties): Failing[] {
  const failing = [...unknownKeys(inputs)];
  for (const [property, rule] of Object.entries(rules)) {
    const value = lookUp(inputs, property.split("."));
    if (value === unknown || (value === undefined && rule.optional)) continue;
    const needed = value === undefined ? rule.test(null) : rule.test(value);
    if (needed === undefined) continue;
    // A header's value never gets into a message.
    const found = property === "gate.header.value" ? "something else" : JSON.stringify(value);
    failing.push({ property, reason: `${property} must be ${needed}, not ${found ?? "missing"}` });
  }
  return failing.length > 0 ? failing : contradictions(inputs);
}

/** `unknown` as soon as one step of the path is not known. */
function lookUp(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined || value === unknown) return value;
  return isObject(value) ? lookUp(value[key], rest) : undefined;
}

function* unknownKeys(value: Json, path = ""): Generator<Failing> {
  if (!isObject(value) || path in rules) return;
  const prefix = path === "" ? "" : `${path}.`;
  for (const [key, inner] of Object.entries(value)) {
    const at = prefix + key;
    const known = Object.keys(rules).some((rule) => rule === at || rule.startsWith(`${at}.`));
    if (known) yield* unknownKeys(inner, at);
    else yield { property: at, reason: `${at} is not an input of ${promotionToken}` };
  }
}

/** Inputs that are fine one by one, and can't be met together. */
function contradictions(inputs: Properties): Failing[] {
  const at = (property: string) => lookUp(inputs, property.split("."));
  const failing: Failing[] = [];
  for (const [times, interval, deadline] of [
    ["gate.consecutivePasses", "gate.intervalSeconds", "gate.deadlineMinutes"],
    ["proof.consecutiveAnswers", "proof.intervalSeconds", "proof.deadlineMinutes"],
  ] as const) {
    const [n, pause, limit] = [at(times), at(interval), at(deadline)];
    if (typeof n !== "number" || typeof pause !== "number" || typeof limit !== "number") continue;
    const needed = (n - 1) * pause;
    if (needed <= limit * 60) continue;
    failing.push({
      property: deadline,
      reason: `${deadline} ${limit} is too short: ${times} ${n} every ${pause} s take ${needed} s`,
    });
  }
  const [header, value] = [at("gate.header.name"), at("gate.header.value")];
  if ((header === undefined) !== (value === undefined)) {
    failing.push({ property: "gate.header", reason: "gate.header needs both a name and a value" });
  }
  return failing;
}
