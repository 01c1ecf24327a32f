import { help, type Options, readOptions } from "./options.ts";
import { rehearse } from "./rehearse.ts";
import { projectRoot } from "./stage/workspace.ts";
import { View } from "./view.ts";

/** Real milliseconds after which a clean-up that hangs is left to the watchdog. */
const cleanUpLimit = 10_000;
/** What a shell gives a program that Ctrl-C ended. */
const interruptedCode = 130;

const options = read(process.argv.slice(2));
// The engine runs providers in the project's folder, and the emulated ones live in this process.
process.chdir(projectRoot);
const view = new View();
const interrupted = new AbortController();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // Once: a second Ctrl-C ends this process at once, and the watchdog does the rest.
  process.once(signal, () => {
    view.close();
    view.line(`${signal}: ending every process of this rehearsal`);
    endBy(new Error(`interrupted by ${signal}`), interruptedCode);
  });
}
// A reader that is gone, such as `head`, leaves nobody to rehearse for.
process.stdout.on("error", (error) => endBy(error, interruptedCode));
// Whatever fails unheard makes every further word of this process worthless.
process.on("uncaughtException", (error) => endBy(ownFault(error), 2));
process.on("unhandledRejection", (reason) => endBy(ownFault(reason), 2));

let codeWhenEnded = 2;
try {
  process.exitCode = await rehearse(options, view, interrupted.signal);
} catch (error) {
  view.close();
  if (codeWhenEnded !== interruptedCode) console.error(errorText(error));
  process.exitCode = codeWhenEnded;
}
process.exit();

function endBy(reason: unknown, exitCode: number): void {
  if (interrupted.signal.aborted) return;
  codeWhenEnded = exitCode;
  interrupted.abort(reason);
  setTimeout(() => {
    if (exitCode !== interruptedCode) console.error(errorText(reason));
    process.exit(exitCode);
  }, cleanUpLimit).unref();
}

function ownFault(reason: unknown): Error {
  const text = reason instanceof Error ? reason.stack : String(reason);
  return new Error(`The rehearsal itself failed, so nothing can be said. ${text}`);
}

function errorText(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}

function read(args: string[]): Options {
  try {
    const options = readOptions(args);
    if (options !== "help") return options;
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n\nnpm run rehearse -- --help shows the options.`);
    process.exit(2);
  }
}
