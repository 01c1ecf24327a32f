import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { type ElbWorld, named } from "./elbWorld.ts";
import {
  createListener,
  createRule,
  deleteListener,
  deleteRule,
  modifyListener,
  modifyRule,
  setRulePriorities,
} from "./listeners.ts";
import { createLoadBalancer, deleteLoadBalancer } from "./loadBalancers.ts";
import {
  createTargetGroup,
  deleteTargetGroup,
  describedTargetGroup,
  modifyTargetGroup,
} from "./targetGroups.ts";
import { deregisterTargets, describeTargetHealth, registerTargets } from "./targets.ts";

/**
 * The operations of Elastic Load Balancing v2, by the shapes of its SDK.
 *
 * Each that changes something resolves when the change is in force in the proxy. Refusals are `AwsError`s with the
 * service's own codes; `NotRehearsed` is what the cloud can do and the proxy can't.
 */
export abstract class ElbApi {
  protected readonly world: ElbWorld;

  constructor(world: ElbWorld) {
    this.world = world;
  }

  /** Cloud time in milliseconds since the Unix epoch. */
  protected abstract now(): number;

  /** Puts the world as it is now in force. */
  protected abstract commit(): Promise<void>;

  /** Where a load balancer that is in force can be reached. */
  protected abstract dnsName(arn: string): string;

  async createLoadBalancer(
    input: elb.CreateLoadBalancerInput,
  ): Promise<elb.CreateLoadBalancerOutput> {
    const created = new Date(this.now());
    const { arn, description } = createLoadBalancer(this.world, input, { created });
    await this.commit();
    description.DNSName = this.dnsName(arn);
    return { LoadBalancers: copies([{ description }]) };
  }

  async deleteLoadBalancer(
    input: elb.DeleteLoadBalancerInput,
  ): Promise<elb.DeleteLoadBalancerOutput> {
    deleteLoadBalancer(this.world, input.LoadBalancerArn);
    await this.commit();
    return {};
  }

  async describeLoadBalancers(
    input: elb.DescribeLoadBalancersInput = {},
  ): Promise<elb.DescribeLoadBalancersOutput> {
    const all = [...this.world.loadBalancers.values()];
    const byName = named(all, input.Names, "LoadBalancerNotFound");
    const found = input.LoadBalancerArns?.map((arn) => this.world.loadBalancer(arn)) ?? byName;
    return { LoadBalancers: copies(found) };
  }

  async modifyLoadBalancerAttributes(
    input: elb.ModifyLoadBalancerAttributesInput,
  ): Promise<elb.ModifyLoadBalancerAttributesOutput> {
    const { attributes } = this.world.loadBalancer(input.LoadBalancerArn);
    attributes.set(input.Attributes ?? []);
    await this.commit();
    return { Attributes: attributes.list() };
  }

  async describeLoadBalancerAttributes(
    input: elb.DescribeLoadBalancerAttributesInput,
  ): Promise<elb.DescribeLoadBalancerAttributesOutput> {
    return { Attributes: this.world.loadBalancer(input.LoadBalancerArn).attributes.list() };
  }

  async createTargetGroup(input: elb.CreateTargetGroupInput): Promise<elb.CreateTargetGroupOutput> {
    const group = createTargetGroup(this.world, input);
    await this.commit();
    return { TargetGroups: [describedTargetGroup(this.world, group)] };
  }

  async modifyTargetGroup(input: elb.ModifyTargetGroupInput): Promise<elb.ModifyTargetGroupOutput> {
    const group = modifyTargetGroup(this.world, input);
    await this.commit();
    return { TargetGroups: [describedTargetGroup(this.world, group)] };
  }

  async modifyTargetGroupAttributes(
    input: elb.ModifyTargetGroupAttributesInput,
  ): Promise<elb.ModifyTargetGroupAttributesOutput> {
    const { attributes } = this.world.targetGroup(input.TargetGroupArn);
    attributes.set(input.Attributes ?? []);
    await this.commit();
    return { Attributes: attributes.list() };
  }

  async describeTargetGroupAttributes(
    input: elb.DescribeTargetGroupAttributesInput,
  ): Promise<elb.DescribeTargetGroupAttributesOutput> {
    return { Attributes: this.world.targetGroup(input.TargetGroupArn).attributes.list() };
  }

  async deleteTargetGroup(input: elb.DeleteTargetGroupInput): Promise<elb.DeleteTargetGroupOutput> {
    deleteTargetGroup(this.world, input.TargetGroupArn);
    await this.commit();
    return {};
  }

  async describeTargetGroups(
    input: elb.DescribeTargetGroupsInput = {},
  ): Promise<elb.DescribeTargetGroupsOutput> {
    const all = [...this.world.targetGroups.values()];
    const byName = named(all, input.Names, "TargetGroupNotFound");
    const found = input.TargetGroupArns?.map((arn) => this.world.targetGroup(arn)) ?? byName;
    const described = found.map((group) => describedTargetGroup(this.world, group));
    const { LoadBalancerArn } = input;
    if (!LoadBalancerArn) return { TargetGroups: described };
    const { arn } = this.world.loadBalancer(LoadBalancerArn);
    return { TargetGroups: described.filter((one) => one.LoadBalancerArns?.includes(arn)) };
  }

  async createListener(input: elb.CreateListenerInput): Promise<elb.CreateListenerOutput> {
    const { description } = createListener(this.world, input);
    await this.commit();
    return { Listeners: copies([{ description }]) };
  }

  async modifyListener(input: elb.ModifyListenerInput): Promise<elb.ModifyListenerOutput> {
    const { description } = modifyListener(this.world, input);
    await this.commit();
    return { Listeners: copies([{ description }]) };
  }

  async deleteListener(input: elb.DeleteListenerInput): Promise<elb.DeleteListenerOutput> {
    deleteListener(this.world, input.ListenerArn);
    await this.commit();
    return {};
  }

  async describeListeners(input: elb.DescribeListenersInput): Promise<elb.DescribeListenersOutput> {
    const found =
      input.ListenerArns?.map((arn) => this.world.listener(arn)) ??
      this.world.listenersOf(this.world.loadBalancer(input.LoadBalancerArn));
    return { Listeners: copies(found) };
  }

  async createRule(input: elb.CreateRuleInput): Promise<elb.CreateRuleOutput> {
    const { description } = createRule(this.world, input);
    await this.commit();
    return { Rules: copies([{ description }]) };
  }

  async modifyRule(input: elb.ModifyRuleInput): Promise<elb.ModifyRuleOutput> {
    const { description } = modifyRule(this.world, input);
    await this.commit();
    return { Rules: copies([{ description }]) };
  }

  async deleteRule(input: elb.DeleteRuleInput): Promise<elb.DeleteRuleOutput> {
    deleteRule(this.world, input.RuleArn);
    await this.commit();
    return {};
  }

  async describeRules(input: elb.DescribeRulesInput): Promise<elb.DescribeRulesOutput> {
    const found =
      input.RuleArns?.map((arn) => this.world.rule(arn)) ??
      this.world.rulesOf(this.world.listener(input.ListenerArn));
    return { Rules: copies(found) };
  }

  async setRulePriorities(input: elb.SetRulePrioritiesInput): Promise<elb.SetRulePrioritiesOutput> {
    const rules = setRulePriorities(this.world, input.RulePriorities);
    await this.commit();
    return { Rules: copies(rules) };
  }

  async registerTargets(input: elb.RegisterTargetsInput): Promise<elb.RegisterTargetsOutput> {
    registerTargets(this.world, input.TargetGroupArn, input.Targets);
    await this.commit();
    return {};
  }

  async deregisterTargets(input: elb.DeregisterTargetsInput): Promise<elb.DeregisterTargetsOutput> {
    deregisterTargets(this.world, input.TargetGroupArn, input.Targets);
    await this.commit();
    return {};
  }

  async describeTargetHealth(
    input: elb.DescribeTargetHealthInput,
  ): Promise<elb.DescribeTargetHealthOutput> {
    const described = describeTargetHealth(this.world, input.TargetGroupArn, input.Targets);
    return { TargetHealthDescriptions: described };
  }
}

function copies<T>(records: { description: T }[]): T[] {
  return records.map(({ description }) => structuredClone(description));
}
