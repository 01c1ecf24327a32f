import type { Random } from "../../../seededRandom.ts";
import type { ProxyAction, ProxyCondition, ProxyListener, ProxyRule, Traffic } from "../wire.ts";

/** What a rule looks at. */
export interface RoutedRequest {
  /** Path and query, as in the request line. */
  url: string;
  /** Header names in lower case; a repeated header has several values. */
  headersDistinct: NodeJS.Dict<string[]>;
}

/** A rule made ready for matching. */
export interface Route {
  rule: string;
  traffic: Traffic;
  action: ProxyAction;
  matches(request: RoutedRequest): boolean;
}

/** The rules of a listener in the order in which they are tried. */
export function compileRoutes(listener: ProxyListener): Route[] {
  return listener.rules.map(compileRoute);
}

function compileRoute(rule: ProxyRule): Route {
  const tests = rule.conditions.map(compileCondition);
  return {
    rule: rule.arn,
    traffic: rule.traffic,
    action: rule.action,
    matches: (request) => tests.every((test) => test(request)),
  };
}

/**
 * Paths are compared with their case, without the query; host and header values without case; `*` stands for any
 * characters and `?` for one (ELBv2 API: PathPatternConditionConfig, HostHeaderConditionConfig,
 * HttpHeaderConditionConfig).
 */
function compileCondition(condition: ProxyCondition): (request: RoutedRequest) => boolean {
  if (condition.field === "path-pattern") {
    const patterns = condition.values.map((value) => wildcard(value, ""));
    return ({ url }) => {
      const path = url.split("?", 1)[0] ?? url;
      return patterns.some((pattern) => pattern.test(path));
    };
  }
  const patterns = condition.values.map((value) => wildcard(value, "i"));
  const header = condition.field === "host-header" ? "host" : condition.header.toLowerCase();
  return ({ headersDistinct }) =>
    (headersDistinct[header] ?? []).some((value) => {
      const compared = header === "host" ? value.replace(/:\d+$/, "") : value;
      return patterns.some((pattern) => pattern.test(compared));
    });
}

function wildcard(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`, flags);
}

/**
 * Chooses a target group at random by weight; a group of weight 0 gets nothing.
 *
 * @returns null when all weights are 0.
 */
export function chooseGroup(
  groups: readonly { arn: string; weight: number }[],
  random: Random,
): string | null {
  const total = groups.reduce((sum, group) => sum + group.weight, 0);
  let point = random() * total;
  for (const group of groups) {
    if (group.weight > 0 && point < group.weight) return group.arn;
    point -= group.weight;
  }
  return null;
}
