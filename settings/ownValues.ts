/** Of the program's own keys in a stack's configuration. */
export const namespace = "symphainy";

/**
 * The namespace's own values, by their keys without it. The engine hands every value over as text, and
 * `pulumi config set` writes numbers and booleans as such into a stack's file.
 */
export function ownValues(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const prefix = `${namespace}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), decode(value)]));
}

function decode(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
