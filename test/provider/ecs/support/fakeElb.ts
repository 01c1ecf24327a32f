import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbApi } from "../../../../provider/ecs/elbApi.ts";
import { namedError } from "./fakeEcs.ts";

export const productionRule =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/lb/1/2/production";

/** ARN of a target group by its name. */
export function groupArn(name: string): string {
  return `arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/${name}/1`;
}

/** One listener rule in memory. */
export class FakeElb implements ElbApi {
  /** Undefined: the rule does not exist. */
  actions: Action[] | undefined = splitting({ a: 100, b: 0 });
  /** Names of groups that have a healthy target. */
  readonly healthy = new Set(["a", "b"]);
  /** Requests that change something. */
  readonly log: Action[][] = [];

  describeRules: ElbApi["describeRules"] = async ({ RuleArns }) => {
    if (RuleArns?.[0] !== productionRule || !this.actions) {
      throw namedError("RuleNotFoundException");
    }
    return { Rules: [{ RuleArn: productionRule, Actions: this.actions }] };
  };

  describeTargetHealth: ElbApi["describeTargetHealth"] = async ({ TargetGroupArn }) => {
    const isHealthy = [...this.healthy].some((name) => groupArn(name) === TargetGroupArn);
    const State = isHealthy ? "healthy" : "unhealthy";
    return {
      TargetHealthDescriptions: [{ Target: { Id: "10.0.0.1" }, TargetHealth: { State } }],
    };
  };

  modifyRule: ElbApi["modifyRule"] = async ({ Actions = [] }) => {
    this.log.push(Actions);
    this.actions = Actions;
    return {};
  };
}

/** The action that splits traffic by weights of groups, by their names. */
export function splitting(weights: Record<string, number>): Action[] {
  const TargetGroups = Object.entries(weights).map(([name, Weight]) => ({
    TargetGroupArn: groupArn(name),
    Weight,
  }));
  const TargetGroupStickinessConfig = { Enabled: false };
  return [{ Type: "forward", ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }];
}
