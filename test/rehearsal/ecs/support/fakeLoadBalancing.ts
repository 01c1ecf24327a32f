import type {
  Action,
  Rule,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../../../provider/clock.ts";
import type { TargetsInput, TrafficPort } from "../../../../rehearsal/cloud/ecs/ports.ts";
import type { CallRoute } from "../../../../rehearsal/cloud/elb/calls.ts";
import type { Journal } from "../../../../rehearsal/cloud/journal.ts";

export const primary =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/primary/1";
export const alternate =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/alternate/2";
export const productionRule =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/lb/1/2/production";
export const testRule =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/lb/1/2/test";

type State = "initial" | "healthy" | "unhealthy" | "draining";

export function forward(weights: Record<string, number>): Action[] {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({
    TargetGroupArn,
    Weight,
  }));
  return [{ Type: "forward", ForwardConfig: { TargetGroups } }];
}

/** Two groups, two rules; a target is healthy as soon as it is registered, and drains for `drainSeconds`. */
export class FakeLoadBalancing implements TrafficPort {
  readonly rules = new Map<string, Action[]>([
    [productionRule, forward({ [primary]: 100, [alternate]: 0 })],
    [testRule, forward({ [alternate]: 1 })],
  ]);
  readonly targets = new Map<string, Map<string, State>>();
  readonly addresses = new Map<string, number>();
  /** State of newly registered targets; a test may change it. */
  health: State = "healthy";
  drainSeconds = 60;
  readonly #clock: Clock;
  readonly #journal: Journal;

  constructor(clock: Clock, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
  }

  weights(rule: string): Record<string, number> {
    const groups = this.rules.get(rule)?.[0]?.ForwardConfig?.TargetGroups ?? [];
    return Object.fromEntries(
      groups.map(({ TargetGroupArn = "", Weight = 0 }) => [nameOf(TargetGroupArn), Weight]),
    );
  }

  registered(group: string): string[] {
    return [...(this.targets.get(group)?.entries() ?? [])]
      .filter(([, state]) => state !== "draining")
      .map(([id]) => id);
  }

  async describeRules(input: { RuleArns: string[] }): Promise<{ Rules: Rule[] }> {
    return {
      Rules: input.RuleArns.flatMap((RuleArn) => {
        const Actions = this.rules.get(RuleArn);
        return Actions ? [{ RuleArn, Actions }] : [];
      }),
    };
  }

  async modifyRule({ RuleArn, Actions }: { RuleArn: string; Actions: Action[] }): Promise<void> {
    this.rules.set(RuleArn, Actions);
    this.#journal.record({
      kind: "weights",
      rule: RuleArn,
      traffic: RuleArn === productionRule ? "production" : "test",
      weights: this.weights(RuleArn),
    });
  }

  async describeTargetGroups({ TargetGroupArns }: { TargetGroupArns: string[] }) {
    return {
      TargetGroups: TargetGroupArns.filter((arn) => arn === primary || arn === alternate).map(
        (TargetGroupArn) => ({
          TargetGroupArn,
          TargetType: "ip" as const,
          LoadBalancerArns: ["arn:lb"],
        }),
      ),
    };
  }

  async registerTargets({ TargetGroupArn, Targets }: TargetsInput): Promise<void> {
    const group = this.targets.get(TargetGroupArn) ?? new Map<string, State>();
    this.targets.set(TargetGroupArn, group);
    for (const { Id = "" } of Targets) group.set(Id, this.health);
  }

  async deregisterTargets({ TargetGroupArn, Targets }: TargetsInput): Promise<void> {
    const group = this.targets.get(TargetGroupArn);
    for (const { Id = "" } of Targets) {
      if (!group?.has(Id)) continue;
      group.set(Id, "draining");
      void this.#clock.sleep(this.drainSeconds).then(() => group.delete(Id));
    }
  }

  async describeTargetHealth({ TargetGroupArn }: { TargetGroupArn: string }): Promise<{
    TargetHealthDescriptions: TargetHealthDescription[];
  }> {
    const entries = [...(this.targets.get(TargetGroupArn)?.entries() ?? [])];
    return {
      TargetHealthDescriptions: entries.map(([Id, State]) => ({
        Target: { Id },
        TargetHealth: { State },
      })),
    };
  }

  /** Its health checks find every registered target unhealthy that has no address any more. */
  forgets(): void {
    for (const group of this.targets.values()) {
      for (const [id, state] of group) {
        if (state === "healthy" && !this.addresses.has(id)) group.set(id, "unhealthy");
      }
    }
  }

  /** Where calls between services go now. */
  calls: readonly CallRoute[] = [];
  readonly #callPorts = new Map<string, number>();

  async applyCalls(routes: readonly CallRoute[]): Promise<Record<string, number>> {
    this.calls = routes;
    for (const { id } of routes) {
      if (!this.#callPorts.has(id)) this.#callPorts.set(id, 50_000 + this.#callPorts.size);
    }
    return Object.fromEntries(this.#callPorts);
  }

  async mapAddress(ip: string, port: number): Promise<void> {
    this.addresses.set(ip, port);
  }

  async unmapAddress(ip: string): Promise<void> {
    this.addresses.delete(ip);
  }
}

function nameOf(arn: string): string {
  return arn.split("/")[1] ?? arn;
}
