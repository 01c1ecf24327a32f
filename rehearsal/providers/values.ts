import { isProperties, type Properties, type Property } from "./properties.ts";

/** Reading properties as the shapes that a cloud's API wants: what is not set is undefined. */

export function text(value: Property | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

export function number(value: Property | undefined): number | undefined {
  return value === undefined || value === null || value === "" ? undefined : Number(value);
}

/** Providers take truth values as texts, too. */
export function flag(value: Property | undefined): boolean | undefined {
  return value === undefined || value === null ? undefined : value === true || value === "true";
}

export function texts(value: Property | undefined): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

export function object(value: Property | undefined): Properties | undefined {
  return isProperties(value) ? value : undefined;
}

export function objects(value: Property | undefined): Properties[] {
  return Array.isArray(value) ? value.filter((item) => isProperties(item)) : [];
}

/** Texts by name. */
export function textMap(value: Property | undefined): Record<string, string> | undefined {
  if (!isProperties(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, String(item)]));
}

/**
 * What an API answered, as properties: dates as texts, absent fields left out.
 *
 * @param value - anything that JSON can hold.
 */
export function fromApi(value: object | undefined): Properties {
  return value === undefined ? {} : JSON.parse(JSON.stringify(value));
}
