import type {
  DescribeRulesInput,
  DescribeRulesOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  ModifyRuleInput,
  ModifyRuleOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CloudCall } from "../cloudCall.ts";

/** The part of Elastic Load Balancing that a promotion needs; the SDK's `ElasticLoadBalancingV2` client is one. */
export interface ElbApi {
  describeRules: CloudCall<DescribeRulesInput, DescribeRulesOutput>;
  describeTargetHealth: CloudCall<DescribeTargetHealthInput, DescribeTargetHealthOutput>;
  modifyRule: CloudCall<ModifyRuleInput, ModifyRuleOutput>;
}

/** Connects at the first question: most promotions never ask the load balancer. */
export type ElbConnection = () => Promise<ElbApi>;

/** Whether the error says that the rule is not there (any more). */
export function isRuleGone(error: unknown): boolean {
  return error instanceof Error && /^RuleNotFound(Exception)?$/.test(error.name);
}
