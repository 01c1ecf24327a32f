import { type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import { type ParsedService, secretAllowed, secretForms } from "./serviceSchema.ts";

/** What is wrong with the services where they run on ECS, behind one load balancer. */
export function ecsServiceProblems({ services, loadBalancer }: ParsedSettings): Problem[] {
  const all = Object.entries(services);
  return [
    ...all.flatMap(([name, service]) => [
      ...numberProblems(name, service, loadBalancer.idleTimeoutSeconds),
      ...secretProblems(name, service),
    ]),
    ...pathProblems(all),
  ];
}

function numberProblems(name: string, service: ParsedService, idleTimeout: number): Problem[] {
  const key = (...path: string[]) => ["services", name, ...path];
  const { tasks, drainSeconds, stopTimeoutSeconds, keepAliveSeconds } = service;
  const problems: Problem[] = [];
  if (tasks.min === 0) {
    problems.push({
      keys: [key("tasks", "min")],
      finding: "is 0",
      allowed: "from 1 to 1000 on ECS, where nobody starts a task for a request that waits",
      mend: "Write 1 or more.",
    });
  }
  if (stopTimeoutSeconds <= drainSeconds) {
    problems.push({
      keys: [key("stopTimeoutSeconds"), key("drainSeconds")],
      finding: `is ${stopTimeoutSeconds}`,
      allowed: `more than drainSeconds, which is ${drainSeconds}, or requests in hand are cut off`,
      mend: `Write ${Math.min(120, drainSeconds + 25)}, or lower drainSeconds.`,
    });
  }
  if (keepAliveSeconds <= idleTimeout) {
    problems.push({
      keys: [key("keepAliveSeconds"), ["loadBalancer", "idleTimeoutSeconds"]],
      finding: `is ${keepAliveSeconds}`,
      allowed: `more than symphainy:loadBalancer.idleTimeoutSeconds, which is ${idleTimeout}, or the load balancer sends requests on connections that the platform just closed`,
      mend: `Write ${idleTimeout + 15}.`,
    });
  }
  return problems;
}

function pathProblems(services: readonly (readonly [string, ParsedService])[]): Problem[] {
  return services.flatMap(([name, { path }], index) => {
    const other = services.slice(0, index).find(([, before]) => before.path === path);
    if (other === undefined) return [];
    return [
      {
        keys: [
          ["services", name, "path"],
          ["services", other[0], "path"],
        ],
        finding: `is ${show(path)}, which service ${other[0]} has too`,
        allowed: "a path that no other service has",
        mend: `Give ${name} a path of its own, such as /${name}.`,
      },
    ];
  });
}

/** A secret of another cloud. */
function secretProblems(name: string, { secrets }: ParsedService): Problem[] {
  return Object.entries(secrets)
    .filter(([, where]) => !secretForms.aws.test(where))
    .map(([variable]) => ({
      keys: [["services", name, "secrets", variable]],
      finding: "is a secret of Google Cloud (not shown)",
      allowed: `on ECS ${secretAllowed.aws}`,
      mend: "Keep the value there and write its ARN.",
    }));
}
