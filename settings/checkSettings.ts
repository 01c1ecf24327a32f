import { cloudRunProblems } from "./cloudRunChecks.ts";
import { deliveryProblems } from "./deliveryChecks.ts";
import { ec2Problems } from "./ec2Checks.ts";
import { ecsServiceProblems } from "./ecsServiceChecks.ts";
import { fargateProblems } from "./fargateChecks.ts";
import { foreignKeyProblems } from "./foreignKeys.ts";
import { healthProblems } from "./healthChecks.ts";
import { networkProblems } from "./networkChecks.ts";
import { type Problem, schemaProblems } from "./problems.ts";
import { rolloutProblems } from "./rolloutChecks.ts";
import { type ParsedSettings, settingsSchema, withDefaults } from "./schema.ts";
import { serviceProblems } from "./serviceChecks.ts";
import type { Surroundings } from "./surroundings.ts";

/** The parsed settings, or everything that is wrong with them. */
export function checkSettings(
  raw: Readonly<Record<string, unknown>>,
  surroundings: Surroundings,
): { settings?: ParsedSettings; problems: Problem[] } {
  const parsed = settingsSchema.safeParse(raw);
  if (parsed.success) {
    const settings = withDefaults(parsed.data);
    const problems = crossProblems(raw, settings, surroundings);
    return problems.length === 0 ? { settings, problems } : { problems };
  }
  const problems = schemaProblems(settingsSchema, raw, parsed.error.issues);
  const wrong = problems.flatMap(({ keys }) => keys);
  const right = without(raw, wrong);
  // Without a target that is known, nobody can say what fits.
  const rest = settingsSchema.safeParse(right);
  if (!rest.success) return { problems };
  // A value that is wrong by itself was replaced by its default, which must not be judged as if it were written.
  const further = crossProblems(right, withDefaults(rest.data), surroundings).filter(
    ({ keys }) => !keys.some((key) => wrong.some((other) => overlap(key, other))),
  );
  return { problems: [...problems, ...further] };
}

function crossProblems(
  raw: Readonly<Record<string, unknown>>,
  settings: ParsedSettings,
  { root, region }: Surroundings,
): Problem[] {
  return [
    ...foreignKeyProblems(raw, settings.target),
    ...serviceProblems(settings, root),
    ...healthProblems(settings),
    ...rolloutProblems(settings),
    ...(settings.target === "cloudrun"
      ? [
          ...cloudRunProblems(settings, region),
          ...deliveryProblems(raw, settings, { root, region }),
        ]
      : [
          ...ecsServiceProblems(settings),
          ...networkProblems(settings, region),
          ...capacityProblems(settings),
        ]),
  ];
}

function capacityProblems(settings: ParsedSettings): Problem[] {
  return settings.target === "ec2" ? ec2Problems(settings) : fargateProblems(settings);
}

function without(
  raw: Readonly<Record<string, unknown>>,
  paths: readonly (readonly PropertyKey[])[],
): Record<string, unknown> {
  const copy = structuredClone(raw);
  for (const path of paths) {
    const parents = path.slice(0, -1);
    const parent = parents.reduce<unknown>(
      (value, key) => (isContainer(value) ? Reflect.get(value, key) : undefined),
      copy,
    );
    const key = path.at(-1);
    if (!isContainer(parent) || key === undefined) continue;
    // A list with a hole would be wrong in a new way: its whole value goes.
    if (Array.isArray(parent)) parent.length = 0;
    else Reflect.deleteProperty(parent, key);
  }
  return copy;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function overlap(a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean {
  return a.every((part, index) => index >= b.length || part === b[index]);
}
