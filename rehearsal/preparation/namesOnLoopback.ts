import { serviceEndpoints } from "../../components/serviceCalls.ts";
import type { StackSettings } from "./stackSettings.ts";

/** One line for each address that a task finds elsewhere than in the cloud: loopback has no names. Pure. */
export function namesOnLoopback({ services }: Pick<StackSettings, "services">): string[] {
  const all = Object.entries(services).map(([name, service]) => ({ ...service, name }));
  return all.flatMap((caller) =>
    Object.values(serviceEndpoints(caller, all)).map(
      (url) => `${caller.name}: ${url} is a port of this machine, where ECS has a name`,
    ),
  );
}
