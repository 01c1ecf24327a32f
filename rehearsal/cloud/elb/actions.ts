import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../awsError.ts";
import { invalid, notRehearsed, within } from "./errors.ts";
import type { ProxyAction, ProxyCondition } from "./wire.ts";

/** Target groups that one forward action can name (AWS, "Quotas for your Application Load Balancers"). */
const groupsPerAction = 5;
/** Comparison strings that one rule can have (same page). */
const valuesPerRule = 5;

/**
 * Checks a rule's actions and completes them as the API answers them: a forward action to one group carries both
 * `TargetGroupArn` and `ForwardConfig`, weights are filled in.
 *
 * @throws AwsError ValidationError, TooManyTargetGroups, or NotRehearsed.
 */
export function checkedActions(actions: Action[] | undefined): Action[] {
  const [action, ...more] = actions ?? [];
  if (!action) throw invalid("At least one action must be specified");
  if (
    more.length > 0 ||
    action.Type?.startsWith("authenticate") ||
    action.Type === "jwt-validation"
  ) {
    const types = (actions ?? []).map(({ Type }) => Type).join(", ");
    throw notRehearsed(`The action list [${types}]`, "use one forward, redirect or fixed-response");
  }
  if (action.Type === "forward") return [checkedForward(action)];
  if (action.Type === "fixed-response") {
    const status = action.FixedResponseConfig?.StatusCode ?? "";
    if (!/^[245]\d\d$/.test(status)) {
      throw invalid(`Fixed response status '${status}' must be 2XX, 4XX or 5XX`);
    }
    return [{ ...action, Order: action.Order ?? 1 }];
  }
  if (action.Type === "redirect") {
    const status = action.RedirectConfig?.StatusCode;
    if (status !== "HTTP_301" && status !== "HTTP_302") {
      throw invalid(`Redirect status '${status}' must be HTTP_301 or HTTP_302`);
    }
    return [{ ...action, Order: action.Order ?? 1 }];
  }
  throw invalid(`Action type '${action.Type}' must be forward, redirect or fixed-response`);
}

function checkedForward(action: Action): Action {
  const named = action.ForwardConfig?.TargetGroups ?? [];
  const groups = (named.length > 0 ? named : [{ TargetGroupArn: action.TargetGroupArn }]).map(
    ({ TargetGroupArn, Weight }) => ({ TargetGroupArn: TargetGroupArn ?? "", Weight: Weight ?? 1 }),
  );
  for (const { TargetGroupArn, Weight } of groups) {
    if (!TargetGroupArn) throw invalid("A forward action must name a target group");
    within(`Weight of target group '${TargetGroupArn}'`, Weight, 0, 999);
  }
  if (groups.length > groupsPerAction) {
    throw new AwsError(
      "TooManyTargetGroups",
      `A forward action can name ${groupsPerAction} target groups, not ${groups.length}`,
    );
  }
  const arns = groups.map(({ TargetGroupArn }) => TargetGroupArn);
  if (new Set(arns).size !== arns.length) {
    throw invalid("A target group can be named only once in a forward action");
  }
  if (action.TargetGroupArn && arns.join() !== action.TargetGroupArn) {
    throw invalid("TargetGroupArn and ForwardConfig must name the same, single target group");
  }
  const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false };
  if (stickiness.Enabled) {
    throw notRehearsed(
      "Target group stickiness",
      "it holds clients on the old release; switch it off",
    );
  }
  return {
    Type: "forward",
    Order: action.Order ?? 1,
    ...(arns.length === 1 ? { TargetGroupArn: arns[0] } : {}),
    ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: stickiness },
  };
}

/**
 * Checks a rule's conditions and completes them as the API answers them: `Values` and the condition's own config.
 *
 * @throws AwsError ValidationError or NotRehearsed.
 */
export function checkedConditions(conditions: RuleCondition[] | undefined): RuleCondition[] {
  if (!conditions?.length) throw invalid("A condition must be specified");
  const checked = conditions.map(checkedCondition);
  const count = checked.reduce((sum, condition) => sum + valuesOf(condition).length, 0);
  if (count > valuesPerRule) {
    throw invalid(`A rule can have ${valuesPerRule} condition values, not ${count}`);
  }
  return checked;
}

function checkedCondition(condition: RuleCondition): RuleCondition {
  const values = valuesOf(condition);
  const regular = condition.RegexValues ?? condition.PathPatternConfig?.RegexValues ?? [];
  if (regular.length > 0 || condition.HttpHeaderConfig?.RegexValues?.length) {
    throw notRehearsed("A condition by regular expression", "use * and ?");
  }
  const known = ["path-pattern", "host-header", "http-header"];
  if (!known.includes(condition.Field ?? "")) {
    throw notRehearsed(`A condition on '${condition.Field}'`, `use ${known.join(", ")}`);
  }
  if (values.length === 0) throw invalid(`A condition on '${condition.Field}' must have a value`);
  for (const value of values) {
    if (value.length > 128) throw invalid(`Condition value '${value}' is over 128 characters`);
  }
  if (condition.Field === "path-pattern") {
    return { Field: condition.Field, Values: values, PathPatternConfig: { Values: values } };
  }
  if (condition.Field === "host-header") {
    return { Field: condition.Field, Values: values, HostHeaderConfig: { Values: values } };
  }
  const header = condition.HttpHeaderConfig?.HttpHeaderName ?? "";
  if (!/^[-!#$%&'*+.^_`|~0-9A-Za-z]{1,40}$/.test(header)) {
    throw invalid(`HTTP header name '${header}' must be a header's name of up to 40 characters`);
  }
  if (header.toLowerCase() === "host") throw invalid("Use a host-header condition for the host");
  const config = { HttpHeaderName: header, Values: values };
  return { Field: condition.Field, HttpHeaderConfig: config };
}

function valuesOf(condition: RuleCondition): string[] {
  return (
    condition.HttpHeaderConfig?.Values ??
    condition.PathPatternConfig?.Values ??
    condition.HostHeaderConfig?.Values ??
    condition.Values ??
    []
  );
}

/** Target groups that a rule's actions name, with their weights. */
export function forwardedGroups(actions: Action[] | undefined): { arn: string; weight: number }[] {
  return (actions ?? []).flatMap(({ ForwardConfig }) =>
    (ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn = "", Weight = 1 }) => ({
      arn: TargetGroupArn,
      weight: Weight,
    })),
  );
}

/** Checked conditions for the proxy. */
export function proxyConditions(conditions: RuleCondition[] | undefined): ProxyCondition[] {
  return (conditions ?? []).map((condition) => {
    const values = valuesOf(condition);
    if (condition.Field === "http-header") {
      const header = condition.HttpHeaderConfig?.HttpHeaderName ?? "";
      return { field: "http-header", header, values };
    }
    return { field: condition.Field === "host-header" ? "host-header" : "path-pattern", values };
  });
}

/** Checked actions for the proxy. */
export function proxyAction([action]: Action[]): ProxyAction {
  if (action?.Type === "redirect") {
    const config = action.RedirectConfig;
    return {
      type: "redirect",
      status: config?.StatusCode === "HTTP_301" ? 301 : 302,
      protocol: config?.Protocol ?? "#{protocol}",
      host: config?.Host ?? "#{host}",
      port: config?.Port ?? "#{port}",
      path: config?.Path ?? "/#{path}",
      query: config?.Query ?? "#{query}",
    };
  }
  if (action?.Type === "fixed-response") {
    const config = action.FixedResponseConfig;
    return {
      type: "fixed-response",
      status: Number(config?.StatusCode),
      contentType: config?.ContentType ?? "text/plain",
      body: config?.MessageBody ?? "",
    };
  }
  return { type: "forward", groups: forwardedGroups(action ? [action] : []) };
}
