import { join } from "node:path";
import type { Engine } from "./findEngine.ts";

/** The folder that holds the engine's `bin/pulumi`; undefined: it is on PATH. */
export function engineRoot({ source, command }: Engine): string | undefined {
  return source === "path" ? undefined : join(command, "..", "..");
}
