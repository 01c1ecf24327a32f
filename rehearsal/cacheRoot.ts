import { homedir } from "node:os";
import { join } from "node:path";

/** Where everything that is dear to make is kept between runs: the engine, virtual environments, images. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "symphainy-deploy");
}
