/** A service as far as calls between services go. */
export interface Calling {
  readonly name: string;
  /** Names of other services. */
  readonly calls: readonly string[];
}

/** Where a service is reached by those that call it. */
export interface Callable {
  readonly name: string;
  /** Port that its container listens on, and that callers name. */
  readonly port: number;
  /** Public path prefix; callers use it too, as nobody cuts it off. */
  readonly path: string;
}

/** Names of the services that call others or are called. */
export function connectedServices(services: readonly Calling[]): ReadonlySet<string> {
  return new Set(services.flatMap(({ name, calls }) => (calls.length > 0 ? [name, ...calls] : [])));
}

/** Whether any of the services calls `name`. */
export function isCalled(name: string, services: readonly Calling[]): boolean {
  return services.some(({ calls }) => calls.includes(name));
}

/**
 * Base URL of each service that `service` calls, by name and without a trailing slash. The order in which the settings
 * name them means nothing.
 */
export function serviceEndpoints(
  { calls }: Pick<Calling, "calls">,
  services: readonly Callable[],
): Record<string, string> {
  const called = services.filter(({ name }) => calls.includes(name));
  const urls = called.map(({ name, port, path }): [string, string] => [
    name,
    `http://${name}:${port}${path === "/" ? "" : path}`,
  ]);
  return Object.fromEntries(urls.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The services in the order in which they go live: whatever is called comes before what calls it. Those that call one
 * another in a circle have no order among them and are one group, in the order in which they are given.
 */
export function releaseOrder<T extends Calling>(services: readonly T[]): T[][] {
  const reached = new Map(services.map(({ name }) => [name, reachableFrom(name, services)]));
  const reaches = (from: T, to: T) => reached.get(from.name)?.has(to.name) ?? false;
  const groups: T[][] = [];
  for (const service of services) {
    const inCircle = ([first]: T[]) =>
      first !== undefined && reaches(first, service) && reaches(service, first);
    const group = groups.find(inCircle);
    if (group) group.push(service);
    else groups.push([service]);
  }
  // Whoever calls a service reaches all that this one reaches, and itself besides.
  const reach = ([first]: T[]) => reached.get(first?.name ?? "")?.size ?? 0;
  return groups.toSorted((a, b) => reach(a) - reach(b));
}

/** Names of a service itself, of all that it calls, and of what those call in turn. */
function reachableFrom(name: string, services: readonly Calling[]): Set<string> {
  const found = new Set<string>();
  const visit = (at: string) => {
    if (found.has(at)) return;
    found.add(at);
    for (const next of services.find((one) => one.name === at)?.calls ?? []) visit(next);
  };
  visit(name);
  return found;
}
