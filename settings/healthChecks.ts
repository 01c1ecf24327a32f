import type { HealthSpec } from "../components/healthSpec.ts";
import type { Problem } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import type { ParsedService } from "./serviceSchema.ts";

/** `symphainy:health` with a service's own values over it. */
export function serviceHealth(shared: HealthSpec, own: ParsedService["health"]): HealthSpec {
  return {
    ...shared,
    ...own,
    loadBalancer: { ...shared.loadBalancer, ...own?.loadBalancer },
  };
}

/** Checks whose time-out would outlast their interval. */
export function healthProblems(settings: ParsedSettings): Problem[] {
  const shared = specProblems(settings.health, ["health"]);
  const own = Object.entries(settings.services).flatMap(([name, service]) =>
    service.health === undefined
      ? []
      : specProblems(serviceHealth(settings.health, service.health), ["services", name, "health"]),
  );
  return [...shared, ...own];
}

function specProblems(spec: HealthSpec, path: readonly string[]): Problem[] {
  return [
    ...timeoutProblems(spec, path),
    ...timeoutProblems(spec.loadBalancer, [...path, "loadBalancer"]),
  ];
}

function timeoutProblems(
  { intervalSeconds, timeoutSeconds }: { intervalSeconds: number; timeoutSeconds: number },
  path: readonly string[],
): Problem[] {
  if (timeoutSeconds < intervalSeconds) return [];
  return [
    {
      keys: [
        [...path, "timeoutSeconds"],
        [...path, "intervalSeconds"],
      ],
      finding: `is ${timeoutSeconds}`,
      allowed: `less than the interval, which is ${intervalSeconds} seconds`,
      mend: "Lower the time-out or raise the interval.",
    },
  ];
}
