import type { LoadedService } from "../../../rehearsal/load/wire.ts";

/** A service that has every path of a URL, and calls nobody. */
export function onlyService(url: string): LoadedService[] {
  return [{ name: "", url, calls: [] }];
}
