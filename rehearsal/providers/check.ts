import {
  containsUnknown,
  isDefaulted,
  isProperties,
  type Properties,
  type Property,
  reveal,
  topOf,
  unknown,
  valuesAt,
  withDefaulted,
} from "./properties.ts";
import type { Failure, ResourceType, Rule } from "./resourceType.ts";
import type { World } from "./world.ts";

export interface CheckArgs {
  type: ResourceType;
  /** Logical name in the program. */
  name: string;
  /** Checked inputs of the last time; empty for a new resource and for the new one of a replacement. */
  olds: Properties;
  news: Properties;
  /** The project's own rule for names, when it has one. */
  autonaming?: { mode: "propose" | "enforce" | "disable"; name: string };
  world: World;
}

export interface Checked {
  inputs: Properties;
  failures: Failure[];
}

/** Inputs as the other operations get them: with a name, with defaults; or what is wrong with them. */
export async function checkInputs(args: CheckArgs): Promise<Checked> {
  const { type, news } = args;
  const inputs: Properties = { ...news };
  const defaulted: string[] = [];
  for (const [name, value] of Object.entries(type.defaults ?? {})) {
    if (isAbsent(inputs[name])) {
      inputs[name] = value;
      defaulted.push(name);
    }
  }
  const failures = nameInputs(args, inputs, defaulted);
  const plain = reveal(inputs);
  failures.push(...findFailures(type, plain));
  if (failures.length === 0 && type.derive) merge(inputs, await type.derive(plain));
  return { inputs: withDefaulted(inputs, defaulted), failures };
}

function nameInputs(args: CheckArgs, inputs: Properties, defaulted: string[]): Failure[] {
  const { type, name, olds, autonaming, world } = args;
  if (!type.naming) return [];
  const { property = "name", maxLength, transform = (text) => text } = type.naming;
  if (!isAbsent(inputs[property]) || !isAbsent(inputs[`${property}Prefix`])) return [];
  const wasMadeUp = isDefaulted(olds, property);
  if (wasMadeUp && !isAbsent(olds[property])) inputs[property] = olds[property];
  else if (autonaming?.mode === "disable") {
    return [
      { property, reason: `automatic naming is disabled: the program must set "${property}"` },
    ];
  } else {
    const madeUp = autonaming?.name ?? world.proposeName(type.token, transform(name));
    if (madeUp.length > maxLength) {
      const reason =
        `no name can be made up from "${name}": "${madeUp}" has ${madeUp.length} characters and ` +
        `${maxLength} are allowed; give the resource a shorter one, or set "${property}"`;
      return [{ property, reason }];
    }
    inputs[property] = madeUp;
  }
  defaulted.push(property);
  return [];
}

function findFailures(type: ResourceType, inputs: Properties): Failure[] {
  const failures: Failure[] = [];
  for (const path of type.required ?? []) {
    if (!isThere(inputs, path)) {
      failures.push({ property: topOf(path), reason: `Missing required argument "${path}"` });
    }
  }
  for (const [path, rule] of Object.entries(type.rules ?? {})) {
    for (const value of valuesAt(inputs, path)) {
      const reason = value === unknown ? undefined : brokenRule(value, rule);
      if (reason) failures.push({ property: topOf(path), reason: `"${path}" ${reason}` });
    }
  }
  return failures.concat(type.validate?.(inputs) ?? []);
}

function brokenRule(value: Property, rule: Rule): string | undefined {
  const { oneOf, maxLength, min, max, pattern } = rule;
  if (oneOf && !oneOf.includes(value)) {
    return `must be one of ${oneOf.join(", ")}; it is ${JSON.stringify(value)}`;
  }
  if (typeof value === "string") {
    if (maxLength !== undefined && value.length > maxLength) {
      return `can be at most ${maxLength} characters long; "${value}" has ${value.length}`;
    }
    if (pattern && !pattern[0].test(value)) return `must be ${pattern[1]}; it is "${value}"`;
  }
  const number = Number(value);
  if ((min !== undefined && number < min) || (max !== undefined && number > max)) {
    return `must be from ${min ?? "-∞"} to ${max ?? "∞"}; it is ${value}`;
  }
  return undefined;
}

/** Under a list, every element must have the property; under an absent object nothing is required. */
function isThere(inputs: Properties, path: string): boolean {
  const dot = path.lastIndexOf(".");
  if (dot < 0) return !isAbsent(inputs[path]);
  return valuesAt(inputs, path.slice(0, dot)).every(
    (parent) =>
      containsUnknown(parent) || (isProperties(parent) && !isAbsent(parent[path.slice(dot + 1)])),
  );
}

function merge(target: Properties, source: Properties): void {
  for (const [name, value] of Object.entries(source)) {
    const existing = target[name];
    if (isProperties(existing) && isProperties(value)) target[name] = { ...existing, ...value };
    else target[name] = value;
  }
}

function isAbsent(value: Property | undefined): boolean {
  return value === undefined || value === null;
}
