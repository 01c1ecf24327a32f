import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { abortable } from "../cloudCall.ts";
import { type ElbApi, isRuleGone } from "./elbApi.ts";

/** How a rule splits its traffic: ARN of a target group → its share in percent. */
export type Shares = ReadonlyMap<string, number>;

/** @returns undefined when the rule does not exist. */
export async function readActions(
  elb: ElbApi,
  rule: string,
  signal?: AbortSignal,
): Promise<Action[] | undefined> {
  try {
    const { Rules } = await elb.describeRules({ RuleArns: [rule] }, abortable(signal));
    return Rules?.[0]?.Actions;
  } catch (error) {
    if (isRuleGone(error)) return undefined;
    throw error;
  }
}

/** Empty for a rule that forwards nothing. */
export function sharesOf(actions: readonly Action[]): Shares {
  const tuples = actions.flatMap(
    ({ ForwardConfig, TargetGroupArn }) =>
      ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn }]),
  );
  const weights = tuples.map((it) => ("Weight" in it ? (it.Weight ?? 1) : 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return new Map(
    tuples.map(({ TargetGroupArn = "" }, index) => [
      TargetGroupArn,
      sum === 0 ? 0 : Math.round(((weights[index] ?? 0) / sum) * 1000) / 10,
    ]),
  );
}

/** Actions that give one group everything; other groups stay listed, as ECS demands, and so does stickiness. */
export function allTo(group: string, actions: readonly Action[]): Action[] {
  const groups = new Set([group, ...sharesOf(actions).keys()]);
  const forward = actions.find(({ Type }) => Type === "forward")?.ForwardConfig;
  const sticky = forward?.TargetGroupStickinessConfig;
  const TargetGroups = [...groups].map((arn) => ({
    TargetGroupArn: arn,
    Weight: arn === group ? 100 : 0,
  }));
  const ForwardConfig = {
    TargetGroups,
    ...(sticky && { TargetGroupStickinessConfig: sticky }),
  };
  return [{ Type: "forward", ForwardConfig }];
}

/** `arn:…:targetgroup/NAME/ID` → `NAME`. */
export function groupName(arn: string): string {
  return arn.split("/")[1] ?? arn;
}
