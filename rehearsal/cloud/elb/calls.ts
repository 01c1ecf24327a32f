import type { ProxyConfig, ProxyRule, ProxyTargetGroup } from "./wire.ts";

/** The way of the calls that the tasks of one service make to one endpoint: a door of their own, as ECS gives each task a proxy. */
export interface CallRoute {
  /** Different for each pair of a service and an endpoint. */
  id: string;
  /** Cloud seconds without a byte after which a connection is closed. */
  idleTimeoutSeconds: number;
  /** Header that leads to the groups with test traffic; without a value, its presence does. */
  testHeader: { name: string; value?: string };
  groups: CallGroup[];
}

/** Tasks of one revision that can be called. */
export interface CallGroup {
  id: string;
  /** Share of the calls, in any unit. */
  weight: number;
  /** Whether it gets the calls with the test header. */
  test: boolean;
  /** By address; one without a port is a task that nobody answers for. */
  tasks: { id: string; port: number | null }[];
}

/**
 * What the proxy has to do for the calls. Who is called is decided where health is known: nothing is probed here, and a
 * task that is no longer listed finishes what it has in hand.
 */
export function callsConfig(routes: readonly CallRoute[]): ProxyConfig {
  return {
    loadBalancers: routes.map((route) => ({
      arn: route.id,
      idleTimeoutSeconds: route.idleTimeoutSeconds,
      dropInvalidHeaderFields: false,
      forwardedFor: "preserve",
      listeners: [{ arn: `${route.id}/calls`, port: 80, rules: rulesOf(route) }],
    })),
    targetGroups: routes.flatMap((route) =>
      route.groups.map(
        (group): ProxyTargetGroup => ({
          arn: groupArn(route, group),
          name: group.id,
          loadBalancer: null,
          algorithm: "round_robin",
          deregistrationDelaySeconds: longestCallSeconds,
          stickySeconds: null,
          healthCheck: null,
          // An address is never given to a second task.
          targets: group.tasks.map(({ id, port }) => ({ id, port, registration: 1 })),
        }),
      ),
    ),
  };
}

/** Nothing cuts a call that is in flight but the end of its task; after this time the proxy forgets the task. */
const longestCallSeconds = 3600;

function rulesOf(route: CallRoute): ProxyRule[] {
  const rule = (name: string, groups: { arn: string; weight: number }[]) => ({
    arn: `${route.id}/${name}`,
    traffic: "call" as const,
    action: { type: "forward" as const, groups },
  });
  const tested = route.groups.filter(({ test }) => test);
  const { name, value = "*" } = route.testHeader;
  const test: ProxyRule = {
    ...rule(
      "test",
      tested.map((group) => ({ arn: groupArn(route, group), weight: 1 })),
    ),
    conditions: [{ field: "http-header", header: name, values: [value] }],
  };
  const production: ProxyRule = {
    ...rule(
      "production",
      route.groups.map((group) => ({ arn: groupArn(route, group), weight: group.weight })),
    ),
    conditions: [],
  };
  return tested.length > 0 ? [test, production] : [production];
}

function groupArn(route: CallRoute, group: CallGroup): string {
  return `${route.id}/${group.id}`;
}
