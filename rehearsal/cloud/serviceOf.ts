import type { Recorded } from "./journal.ts";

/** Before it stand the project and the stack, which is named as its target. */
const onCloudRun = /^.+?-cloudrun-/;

/**
 * The service, by its name in the settings, that an event is about: as the program's names in the cloud begin with it.
 *
 * @returns undefined where it is about none, or nobody can tell.
 */
export function serviceOf(event: Recorded): string | undefined {
  if ("service" in event && event.service !== undefined) {
    return event.service.replace(/-[0-9a-f]{7}$/, "").replace(onCloudRun, "");
  }
  if (event.kind === "weights") return ofGroup(Object.keys(event.weights)[0]);
  return event.kind === "target" ? ofGroup(event.targetGroup) : undefined;
}

function ofGroup(name = ""): string | undefined {
  return /^(.+)-[ab]-[0-9a-f]{7}$/.exec(name)?.[1];
}
