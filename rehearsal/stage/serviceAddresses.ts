import type { LoadedService } from "../load/wire.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The services of a stack that have a URL, in the order of its settings.
 *
 * @param urls - by name; what the stack's outputs have said of them last.
 */
export async function serviceAddresses(
  workspace: Pick<Workspace, "services">,
  urls: Readonly<Record<string, string>>,
): Promise<LoadedService[]> {
  return Object.entries(await workspace.services()).flatMap(([name, { calls }]) => {
    const url = urls[name];
    if (url === undefined) return [];
    return [{ name, url, calls: namesIn(calls) }];
  });
}

/** Names of the services that any service of the stack calls. */
export async function calledServices(
  workspace: Pick<Workspace, "services">,
): Promise<ReadonlySet<string>> {
  const services = Object.values(await workspace.services());
  return new Set(services.flatMap(({ calls }) => namesIn(calls)));
}

function namesIn(calls: unknown): string[] {
  return Array.isArray(calls) ? calls.map(String) : [];
}
