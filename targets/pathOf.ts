import type { ServiceSettings } from "../settings.ts";

/** What a service's public path adds to a URL. */
export function pathOf({ path }: Pick<ServiceSettings, "path">): string {
  return path === "/" ? "" : path;
}
