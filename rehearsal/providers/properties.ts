import { secretSignature, signature, unknown } from "../../provider/properties.ts";

export { unknown };

/** A property value as it crosses the engine's wire, special values included. */
export type Property = null | boolean | number | string | Property[] | Properties;

/** Inputs or outputs of a resource. */
export interface Properties {
  [name: string]: Property | undefined;
}

export function isProperties(value: Property | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Wraps a value so that the engine keeps it encrypted. */
export function secret(value: Property): Properties {
  return { [signature]: secretSignature, value };
}

function isSecret(value: Property | undefined): value is Properties {
  return isProperties(value) && value[signature] === secretSignature;
}

/** The value with every secret in it in plain. Unknowns stay. */
export function reveal<T extends Property | undefined>(value: T): T;
export function reveal(value: Property | undefined): Property | undefined {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map((item) => reveal(item));
  if (!isProperties(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
}

/** Makes secret in `outputs` what is secret in `inputs`, by name, as bridged providers do. */
export function conceal(outputs: Properties, inputs: Properties): Properties {
  const concealed: Properties = { ...outputs };
  for (const [name, input] of Object.entries(inputs)) {
    const output = outputs[name];
    if (output === undefined || isSecret(output) || !containsSecret(input)) continue;
    const sameShape = !isSecret(input) && isProperties(input) && isProperties(output);
    concealed[name] = sameShape ? conceal(output, input) : secret(output);
  }
  return concealed;
}

export function containsUnknown(value: Property | undefined): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isProperties(value) && Object.values(value).some(containsUnknown);
}

/**
 * Every value under a path; `[]` stands for each element of a list: `subnetMappings[].subnetId`.
 * A path that is not there gives nothing.
 */
export function valuesAt(properties: Properties, path: string): Property[] {
  let found: (Property | undefined)[] = [properties];
  for (const part of path.split(".")) {
    const isList = part.endsWith("[]");
    const name = isList ? part.slice(0, -2) : part;
    found = found.map((value) => (isProperties(value) ? value[name] : undefined));
    if (isList) found = found.flatMap((value) => (Array.isArray(value) ? value : []));
  }
  return found.filter((value) => value !== undefined && value !== null);
}

/** Where providers note which inputs they filled in themselves; no input. */
const defaulted = "__defaults";

/** Inputs with a note of which of them the program did not give. */
export function withDefaulted(inputs: Properties, names: string[]): Properties {
  return names.length === 0 ? inputs : { ...inputs, [defaulted]: names };
}

export function withoutDefaulted(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== defaulted));
}

export function isDefaulted(inputs: Properties, name: string): boolean {
  const names = inputs[defaulted];
  return Array.isArray(names) && names.includes(name);
}

/** `actions[0].type` → `actions`. */
export function topOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

function containsSecret(value: Property | undefined): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isProperties(value) && Object.values(value).some(containsSecret);
}
