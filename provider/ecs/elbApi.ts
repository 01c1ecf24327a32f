import type {
  DescribeRulesInput,
  DescribeRulesOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  ModifyRuleInput,
  ModifyRuleOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";

type Call<In, Out> = (input: In, options?: { abortSignal?: AbortSignal }) => Promise<Out>;

/** The part of Elastic Load Balancing that a promotion needs; the SDK's `ElasticLoadBalancingV2` client is one. */
export interface ElbApi {
  describeRules: Call<DescribeRulesInput, DescribeRulesOutput>;
  describeTargetHealth: Call<DescribeTargetHealthInput, DescribeTargetHealthOutput>;
  modifyRule: Call<ModifyRuleInput, ModifyRuleOutput>;
}

/** Connects at the first question: most promotions never ask the load balancer. */
export type ElbConnection = () => Promise<ElbApi>;

/** Whether the error says that the rule is not there (any more). */
export function isRuleGone(error: unknown): boolean {
  return error instanceof Error && /^RuleNotFound(Exception)?$/.test(error.name);
}
