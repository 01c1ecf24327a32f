import { findEngine } from "../../rehearsal/engine/findEngine.ts";

/** Before the first test: the engine, found or made as the rehearsal does, for every test that needs one. */
export async function mochaGlobalSetup(): Promise<void> {
  const engine = await findEngine({ onProgress: (message) => console.log(message) });
  process.env.REHEARSAL_ENGINE = engine.command;
}
