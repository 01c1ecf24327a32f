/** The platform's own timers: seconds, given to it as environment variables, that live on cloud time. */
const scaledVariables = ["DRAIN_SECONDS", "KEEP_ALIVE_SECONDS"] as const;

export interface ScaledVariable {
  name: string;
  /** As the task definition has it. */
  declared: string;
  /** As the process gets it. */
  scaled: string;
}

/**
 * Divides the platform's own timers by the rehearsal's speed. Every other variable is passed on as it is.
 *
 * A value that is not a number stays: the platform has to say what is wrong with it.
 *
 * @returns the process's environment, and what was changed in it.
 */
export function scaledEnvironment(
  env: Readonly<Record<string, string>>,
  speed: number,
): { env: Record<string, string>; scaled: ScaledVariable[] } {
  const result = { ...env };
  const scaled: ScaledVariable[] = [];
  for (const name of scaledVariables) {
    const declared = env[name];
    if (declared === undefined || declared.trim() === "" || !Number.isFinite(Number(declared))) {
      continue;
    }
    const value = String(Number((Number(declared) / speed).toFixed(3)));
    if (value === declared) continue;
    result[name] = value;
    scaled.push({ name, declared, scaled: value });
  }
  return { env: result, scaled };
}
