import { connectProxy } from "../components/aws/connectProxy.ts";
import { connectedServices, isCalled } from "../components/serviceCalls.ts";
import { nearest, type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";

/** What ECS takes at least for a container; see `serviceSchema`. */
const leastContainer = { cpu: 128, memory: 64 };

/** Calls to nobody, and services that have no room for the proxy which their calls go through. */
export function callProblems({ services, target }: ParsedSettings): Problem[] {
  const all = Object.entries(services).map(([name, service]) => ({ ...service, name }));
  // On Cloud Run a service is called at its URL, without a proxy.
  const hasProxies = target !== "cloudrun";
  const connected = hasProxies ? connectedServices(all) : new Set();
  return all.flatMap((service) => [
    ...service.calls.flatMap((_, index) => calledProblems(service, index, Object.keys(services))),
    ...(connected.has(service.name) ? sizeProblems(service) : []),
    ...(hasProxies && isCalled(service.name, all) && service.port === connectProxy.port
      ? [portProblem(service.name)]
      : []),
  ]);
}

function calledProblems(
  { name, calls }: { name: string; calls: readonly string[] },
  index: number,
  names: readonly string[],
): Problem[] {
  const called = calls[index] ?? "";
  const problem = (finding: string, mend: string): Problem[] => [
    {
      keys: [["services", name, "calls", index]],
      finding: `is ${show(called)}, ${finding}`,
      allowed: "each of the other services once",
      mend,
    },
  ];
  if (called === name) return problem("which is the service itself", "Remove it.");
  if (calls.indexOf(called) < index) return problem("which is there already", "Remove it.");
  if (names.includes(called)) return [];
  const others = names.filter((other) => other !== name);
  const near = nearest(called, others);
  return problem(
    "which is no service of this stack",
    near === undefined ? "Add such a service, or remove it." : `Did you mean ${near}?`,
  );
}

function sizeProblems({ name, ...task }: { name: string; cpu: number; memory: number }): Problem[] {
  return (["cpu", "memory"] as const)
    .map((resource) => ({ resource, least: leastContainer[resource] + connectProxy[resource] }))
    .filter(({ resource, least }) => task[resource] < least)
    .map(({ resource, least }) => ({
      keys: [["services", name, resource]],
      finding: `is ${task[resource]}`,
      allowed: `at least ${least} of a service that calls or is called: ${connectProxy[resource]} are for the proxy beside each of its tasks`,
      mend: `Write ${least} or more.`,
    }));
}

function portProblem(name: string): Problem {
  return {
    keys: [["services", name, "port"]],
    finding: `is ${connectProxy.port}`,
    allowed: `any other port: on this one the proxy of a service that is called takes its calls`,
    mend: "Let the container listen on another port.",
  };
}
