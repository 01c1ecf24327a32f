import { findEngine } from "../../rehearsal/engine/findEngine.ts";

/** Before the first test: the engine, found or made as the rehearsal does, for every test that needs one. */
export async function mochaGlobalSetup(): Promise<void> {
  const { command, source } = await findEngine({ onProgress: (message) => console.log(message) });
  // One on PATH has no path of its own here, and every test finds it there.
  if (source !== "path") process.env.REHEARSAL_ENGINE = command;
}
