import { CannotDo } from "./cannotDo.ts";
import { UsageError } from "./usageError.ts";

/**
 * Those that the user means: the named one, or all.
 *
 * @throws CannotDo that lists what there is.
 */
export function chooseServices<Named extends { service: string }>(
  services: readonly Named[],
  name: string | undefined,
): Named[] {
  if (name === undefined) return [...services];
  const found = services.filter(({ service }) => service === name);
  if (found.length > 0) return found;
  throw new CannotDo(`The stack has no service ${name}. ${listing(services)}`);
}

/**
 * The one that the user means.
 *
 * @throws UsageError when there are several and none is named, CannotDo when there is none.
 */
export function chooseService<Named extends { service: string }>(
  services: readonly Named[],
  name: string | undefined,
): Named {
  const [only, ...others] = chooseServices(services, name);
  if (!only) throw new CannotDo(listing(services));
  if (others.length === 0) return only;
  throw new UsageError(`Which service? Add --service NAME. ${listing(services)}`);
}

function listing(services: readonly { service: string }[]): string {
  if (services.length === 0) return "Nothing is deployed there yet; `pulumi up` deploys.";
  return `Its services: ${services.map(({ service }) => service).join(", ")}.`;
}
