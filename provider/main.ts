import { systemClock } from "./clock.ts";
import { serveRollout } from "./serveRollout.ts";

/** The plugin that the engine starts: it reads the port from the first line, and passes its own address last. */
const server = await serveRollout(
  { clock: systemClock },
  { engine: process.argv.slice(2).at(-1) ?? "" },
);
const parent = process.ppid;
// An engine that is killed can't say so; without this, a promotion would go on with nobody to record its end.
const watch = setInterval(() => {
  if (process.ppid !== parent) void end();
}, 1_000);
process.once("SIGINT", () => void end());
process.once("SIGTERM", () => void end());
process.stdout.write(`${server.port}\n`);

async function end(): Promise<void> {
  clearInterval(watch);
  await server.close();
  process.exit(0);
}
