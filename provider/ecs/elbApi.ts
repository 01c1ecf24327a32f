import type {
  DescribeRulesInput,
  DescribeRulesOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  ModifyRuleInput,
  ModifyRuleOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsCall } from "./awsCall.ts";

/** The part of Elastic Load Balancing that a promotion needs; the SDK's `ElasticLoadBalancingV2` client is one. */
export interface ElbApi {
  describeRules: AwsCall<DescribeRulesInput, DescribeRulesOutput>;
  describeTargetHealth: AwsCall<DescribeTargetHealthInput, DescribeTargetHealthOutput>;
  modifyRule: AwsCall<ModifyRuleInput, ModifyRuleOutput>;
}

/** Connects at the first question: most promotions never ask the load balancer. */
export type ElbConnection = () => Promise<ElbApi>;

/** Whether the error says that the rule is not there (any more). */
export function isRuleGone(error: unknown): boolean {
  return error instanceof Error && /^RuleNotFound(Exception)?$/.test(error.name);
}
