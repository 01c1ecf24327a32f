import { isDeepStrictEqual } from "node:util";
import {
  isDefaulted,
  isProperties,
  type Properties,
  type Property,
  withoutDefaulted,
} from "./properties.ts";
import type { ResourceType } from "./resourceType.ts";

export interface Difference {
  /** As the engine writes it: `actions[0].forward.stickiness`. */
  path: string;
  kind: "add" | "delete" | "update";
  replaces: boolean;
}

/** In what the inputs differ. Neither side holds wrapped secrets; an unknown differs from anything. */
export function diffInputs(type: ResourceType, olds: Properties, news: Properties): Difference[] {
  const differences: Difference[] = [];
  walk(type, "", withoutDefaulted(olds), withoutDefaulted(news), differences);
  return differences;
}

/**
 * Whether the old resource must go before the new one comes: both would have the name that the program gives.
 * A made-up name is another one each time.
 */
export function needsNameFirst(type: ResourceType, olds: Properties, news: Properties): boolean {
  const property = type.naming?.property ?? "name";
  if (!type.naming || news[property] === undefined) return false;
  return !isDefaulted(news, property) && news[property] === olds[property];
}

function walk(
  type: ResourceType,
  path: string,
  before: Property | undefined,
  after: Property | undefined,
  found: Difference[],
): void {
  if (matches(type.ignoreOn, path) || isDeepStrictEqual(before, after)) return;
  if (isAbsent(before) && isAbsent(after)) return;
  if (isProperties(before) && isProperties(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      walk(type, path === "" ? name : `${path}.${name}`, before[name], after[name], found);
    }
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const isSet = matches(type.sets, path);
    const olds = isSet ? sorted(before) : before;
    const news = isSet ? sorted(after) : after;
    for (let index = 0; index < Math.max(olds.length, news.length); index++) {
      walk(type, `${path}[${index}]`, olds[index], news[index], found);
    }
    return;
  }
  const kind = isAbsent(before) ? "add" : isAbsent(after) ? "delete" : "update";
  found.push({ path, kind, replaces: replaces(type, path) });
}

function replaces(type: ResourceType, path: string): boolean {
  return type.replaceOn?.includes("*") === true || startsWithAny(type.replaceOn, path);
}

function startsWithAny(paths: string[] | undefined, path: string): boolean {
  const plain = withoutIndices(path);
  return (paths ?? []).some((other) => plain === other || plain.startsWith(`${other}.`));
}

function matches(paths: string[] | undefined, path: string): boolean {
  return paths?.includes(withoutIndices(path)) === true;
}

function withoutIndices(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "");
}

function sorted(values: Property[]): Property[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function isAbsent(value: Property | undefined): boolean {
  return value === undefined || value === null;
}
