import type { RevisionTemplate } from "./resources.ts";

/**
 * Whether two templates ask for the same: an unchanged one makes no revision. What is zero, false or empty is what is
 * absent, as the wire has it, and the order of keys means nothing.
 */
export function sameTemplate(one: RevisionTemplate, other: RevisionTemplate): boolean {
  return JSON.stringify(normal(one)) === JSON.stringify(normal(other));
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => normal(item) ?? null);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .map(([key, item]) => [key, normal(item)] as const)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  return value === null || value === "" || value === 0 || value === false ? undefined : value;
}
