import type { Recorded } from "./journal.ts";

/**
 * The service, by its name in the settings, that an event is about: as the program's names in the cloud begin with it.
 *
 * @returns undefined where it is about none, or nobody can tell.
 */
export function serviceOf(event: Recorded): string | undefined {
  if (event.kind === "weights") return ofGroup(Object.keys(event.weights)[0]);
  if (event.kind === "target") return ofGroup(event.targetGroup);
  return "service" in event ? event.service.replace(/-[0-9a-f]{7}$/, "") : undefined;
}

function ofGroup(name = ""): string | undefined {
  return /^(.+)-[ab]-[0-9a-f]{7}$/.exec(name)?.[1];
}
