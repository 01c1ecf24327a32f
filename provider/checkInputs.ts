import { cloudRules, type Rule, sharedRules } from "./inputRules.ts";
import { type DeploymentInputs, promotionToken } from "./messages.ts";
import { isObject, type Json, type Properties, unknown } from "./properties.ts";

export interface Failing {
  /** Path of the input. */
  property: string;
  reason: string;
}

type Kind = DeploymentInputs["kind"];
type Rules = Readonly<Record<string, Rule>>;

const anyCloud: Rules = Object.assign({}, ...Object.values(cloudRules));

/**
 * Checks plain inputs; a value that is not known yet passes.
 *
 * @returns one entry for each input that is wrong.
 */
export function checkInputs(inputs: Properties): Failing[] {
  const kind = lookUp(inputs, ["deployment", "kind"]);
  const rules = { ...sharedRules, ...ownRules(kind) };
  const failing = [...unknownKeys(inputs, { ...rules, ...(isKind(kind) ? {} : anyCloud) })];
  for (const [property, rule] of Object.entries(rules)) {
    const value = lookUp(inputs, property.split("."));
    if (value === unknown || (value === undefined && rule.optional)) continue;
    const needed = value === undefined ? rule.test(null) : rule.test(value);
    if (needed === undefined) continue;
    const found = rule.secret ? "something else" : JSON.stringify(value);
    failing.push({ property, reason: `${property} must be ${needed}, not ${found ?? "missing"}` });
  }
  return failing.length > 0 ? failing : contradictions(inputs);
}

/** Of a deployment whose kind is wrong or not known yet, nothing more can be said. */
function ownRules(kind: Json | undefined): Rules {
  return isKind(kind) ? cloudRules[kind] : {};
}

function isKind(kind: Json | undefined): kind is Kind {
  return typeof kind === "string" && kind in cloudRules;
}

/** `unknown` as soon as one step of the path is not known. */
function lookUp(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined || value === unknown) return value;
  return isObject(value) ? lookUp(value[key], rest) : undefined;
}

function* unknownKeys(value: Json, rules: Rules, path = ""): Generator<Failing> {
  if (!isObject(value) || path in rules) return;
  const prefix = path === "" ? "" : `${path}.`;
  for (const [key, inner] of Object.entries(value)) {
    const at = prefix + key;
    const known = Object.keys(rules).some((rule) => rule === at || rule.startsWith(`${at}.`));
    if (known) yield* unknownKeys(inner, rules, at);
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
