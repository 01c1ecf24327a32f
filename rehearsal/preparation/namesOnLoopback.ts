import { serviceEndpoints } from "../../components/serviceCalls.ts";
import { preparedTargets } from "./preparedTargets.ts";
import type { StackSettings } from "./stackSettings.ts";

/** One line for each address that a task finds elsewhere than in the cloud: loopback has no names. Pure. */
export function namesOnLoopback({
  target,
  services,
}: Pick<StackSettings, "target" | "services">): string[] {
  const { names } = preparedTargets[target];
  if (names === undefined) return [];
  const all = Object.entries(services).map(([name, service]) => ({ ...service, name }));
  return all.flatMap((caller) =>
    Object.values(serviceEndpoints(caller, all)).map(
      (url) => `${caller.name}: ${url} is a port of this machine, where ${names} has a name`,
    ),
  );
}
