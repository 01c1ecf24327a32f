import type { LoadedService } from "../load/wire.ts";
import type { Workspace } from "./workspace.ts";

/** The services of a stack, in the order of its settings, as they are reached at its URL. */
export async function serviceAddresses(
  workspace: Pick<Workspace, "services">,
): Promise<LoadedService[]> {
  return Object.entries(await workspace.services()).map(([name, { path }]) => ({
    name,
    prefix: typeof path === "string" && path !== "/" ? path : "",
  }));
}
