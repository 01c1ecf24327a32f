import { RunError } from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { bare, fieldDefault, fieldMeta, schemaAt } from "./fields.ts";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** Paths of the keys that it is about; the first one is named as the wrong one. */
  readonly keys: readonly (readonly PropertyKey[])[];
  /** What the key holds, in the words of the message: `is 0`, `is missing`. */
  readonly finding: string;
  readonly allowed: string;
  readonly mend: string;
}

/**
 * All that is wrong, in one message; nothing has been created when it is thrown. A run error, which Pulumi shows
 * without a stack trace: the mistake is not in the program.
 */
export class SettingsError extends RunError {
  override readonly name = "SettingsError";
  readonly problems: readonly string[];

  constructor(stack: string, problems: readonly string[]) {
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    const list = problems.map((problem, index) => `  ${index + 1}. ${problem}`).join("\n");
    super(
      `The settings of stack ${stack} have ${count}; nothing has been created or changed.\n${list}`,
    );
    this.problems = problems;
  }
}

/** `symphainy:rollout.steps[0]`: as `pulumi config set --path` takes it. */
export function keyName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part, index) => {
    if (index === 0) return `${name}${String(part)}`;
    if (typeof part === "number") return `${name}[${part}]`;
    return /^[\w-]+$/.test(String(part)) ? `${name}.${String(part)}` : `${name}["${String(part)}"]`;
  }, "symphainy:");
}

/** The problem as one line. */
export function describeProblem({ keys: [key = []], finding, allowed, mend }: Problem): string {
  return `${keyName(key)} ${finding}. Allowed: ${allowed}. ${mend}`;
}

/** What the schema objects to, in the user's words. */
export function schemaProblems(
  schema: z.core.$ZodType,
  raw: unknown,
  issues: readonly z.core.$ZodIssue[],
): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey(schema, issue.path, key));
    }
    return [wrongValue(schema, raw, issue.path)];
  });
}

/** The name nearest to a mistyped one, when one is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = known
    .map((candidate) => ({
      candidate,
      steps: distance(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .toSorted((a, b) => a.steps - b.steps)[0];
  const limit = Math.max(2, Math.floor(name.length / 2));
  return near !== undefined && near.steps <= limit ? near.candidate : undefined;
}

/** The value as the user would recognise it, short. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** What a path of keys holds. */
function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    raw,
  );
}

function unknownKey(schema: z.core.$ZodType, path: readonly PropertyKey[], key: string): Problem {
  const parent = schemaAt(schema, path);
  const shape = parent === undefined ? undefined : bare(parent);
  const known = shape instanceof z.ZodObject ? Object.keys(shape.shape) : [];
  const near = nearest(key, known);
  return {
    keys: [[...path, key]],
    finding: "is not a key that is known",
    allowed: known.join(", "),
    mend:
      near === undefined
        ? "Remove it."
        : `Did you mean ${keyName([...path, near])}? If not, remove it.`,
  };
}

function wrongValue(schema: z.core.$ZodType, raw: unknown, path: readonly PropertyKey[]): Problem {
  const field = schemaAt(schema, path);
  const meta = field === undefined ? {} : fieldMeta(field);
  const fallback = field === undefined ? undefined : fieldDefault(field);
  const value = valueAt(raw, path);
  const shown = meta.hidden === true ? "has a wrong value (not shown)" : `is ${show(value)}`;
  return {
    keys: [path],
    finding: value === undefined ? "is missing" : shown,
    allowed: meta.allowed ?? "a map",
    mend: meta.mend ?? mendByDefault(fallback),
  };
}

function mendByDefault(fallback: unknown): string {
  const usable = fallback !== undefined && fallback !== "" && typeof fallback !== "object";
  return usable
    ? `Write such a value, or leave the key out to get ${show(fallback)}.`
    : "Write such a value.";
}
