import type { ProxyConfig, ProxyListener, ProxyRule } from "../elb/wire.ts";
import type { RunRevision } from "./revision.ts";
import type { Routes } from "./routes.ts";

/** The port that the world sees; the door of a service itself is told by the load balancer's name alone. */
const httpPort = 80;
const tagPort = 443;

/** Name of a tag's door. */
export function tagDoor(service: string, tag: string): string {
  return `${service}/tags/${tag}`;
}

/**
 * What the front end has to do for one service: a door for production, and one for each tag.
 *
 * @param service - full name.
 */
export function serviceProxy(
  service: string,
  routes: Routes,
  revisions: readonly RunRevision[],
): ProxyConfig {
  const groups = new Map(revisions.map(({ name, group }) => [name, group]));
  const weights = [...routes.percents].flatMap(([name, weight]) => {
    const arn = groups.get(name);
    return arn === undefined ? [] : [{ arn, weight }];
  });
  const production: ProxyListener = {
    arn: `${service}/production`,
    port: httpPort,
    rules: [rule(service, "production", weights)],
  };
  const tags = [...routes.tags].map(([tag, name]): ProxyListener => {
    const arn = groups.get(name);
    const door = tagDoor(service, tag);
    return {
      arn: door,
      port: tagPort,
      rules: [rule(door, "test", arn === undefined ? [] : [{ arn, weight: 100 }])],
    };
  });
  return {
    loadBalancers: [
      {
        arn: service,
        idleTimeoutSeconds: Math.max(1, ...revisions.map(({ timeoutSeconds }) => timeoutSeconds)),
        dropInvalidHeaderFields: false,
        forwardedFor: "append",
        listeners: [production, ...tags],
      },
    ],
    targetGroups: revisions.map((revision) => revision.targetGroup()),
  };
}

/** Where nothing serves, Cloud Run knows no such page. */
function rule(
  arn: string,
  traffic: "production" | "test",
  groups: { arn: string; weight: number }[],
): ProxyRule {
  const isServed = groups.some(({ weight }) => weight > 0);
  return {
    arn,
    traffic,
    conditions: [],
    action: isServed
      ? { type: "forward", groups }
      : { type: "fixed-response", status: 404, contentType: "text/html", body: "Page not found\n" },
  };
}
