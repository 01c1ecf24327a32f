import { messageOf } from "../provider/messageOf.ts";
import { CalledOff } from "./calledOff.ts";
import { UsageError } from "./usageError.ts";

/** What a command has of the world besides its arguments. */
export interface Surroundings {
  /** Prints lines that the caller asked for. */
  print: (text: string) => void;
  /** Where the command was started. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Aborts when the user calls the command off. */
  signal: AbortSignal;
}

/**
 * One of the commands that `package.json` names.
 *
 * @returns the exit code.
 */
export type Script = (args: string[], around: Surroundings) => Promise<number>;

/** What a shell gives a program that Ctrl-C ended. */
const interruptedCode = 130;

/** Runs a command to its end, and ends the process by its exit code: 2 for wrong usage, 1 for what can't be done. */
export async function runScript(name: string, script: Script): Promise<never> {
  const interrupted = new AbortController();
  for (const event of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Once: a second one ends the process at once.
    process.once(event, () => interrupted.abort(new CalledOff(event)));
  }
  // A reader that is gone, such as `head`, wants no more.
  process.stdout.on("error", () => process.exit(0));
  const code = await script(process.argv.slice(2), {
    print: (text) => process.stdout.write(`${text}\n`),
    cwd: process.cwd(),
    env: process.env,
    signal: interrupted.signal,
  }).catch((error: unknown) => {
    if (interrupted.signal.aborted) return interruptedCode;
    const hint = error instanceof UsageError ? `\nnpm run ${name} -- --help shows how.` : "";
    process.stderr.write(`${messageOf(error)}${hint}\n`);
    return error instanceof UsageError ? 2 : 1;
  });
  // Connections that a client keeps open must not hold the process.
  process.exit(code);
}
