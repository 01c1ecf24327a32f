import { help, type Options, readOptions } from "./options.ts";
import { rehearse } from "./rehearse.ts";

const options = read(process.argv.slice(2));
/** Real milliseconds after which a clean-up that hangs is left to the watchdog. */
const cleanUpLimit = 10_000;
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    console.error(`\n${signal}: ending every process of this rehearsal`);
    interrupted.abort(new Error(`interrupted by ${signal}`));
    setTimeout(() => process.exit(130), cleanUpLimit).unref();
  });
}
try {
  process.exitCode = await rehearse(options, interrupted.signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = interrupted.signal.aborted ? 130 : 2;
}
process.exit();

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
