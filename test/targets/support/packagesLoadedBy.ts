import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Settings } from "../../../settings.ts";

/**
 * Names of the packages that are loaded when a target is created. In a process of its own: in this one, other tests
 * have loaded the others' clouds.
 */
export async function packagesLoadedBy(target: Settings["target"]): Promise<string[]> {
  const script = join(import.meta.dirname, "printLoaded.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, target]);
  const loaded: string[] = JSON.parse(stdout);
  return loaded;
}
