import type {
  Action,
  CreateListenerInput,
  CreateRuleInput,
  ModifyListenerInput,
  ModifyRuleInput,
  RulePriorityPair,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../awsError.ts";
import { checkedActions, checkedConditions, forwardedGroups } from "./actions.ts";
import type { ElbWorld, ListenerRecord, LoadBalancerRecord, RuleRecord } from "./elbWorld.ts";
import { invalid, notRehearsed, within } from "./errors.ts";

/** @throws AwsError DuplicateListener, TargetGroupNotFound, TargetGroupAssociationLimit, NotRehearsed, … */
export function createListener(world: ElbWorld, input: CreateListenerInput): ListenerRecord {
  const loadBalancer = world.loadBalancer(input.LoadBalancerArn);
  plainHttp(input.Protocol ?? "HTTP");
  if (input.Port === undefined) throw invalid("A listener port must be specified");
  const port = freePort(world, loadBalancer, input.Port);
  const actions = actionsFor(world, loadBalancer, input.DefaultActions);
  const arn = world.newArn(childPath(loadBalancer.arn, "loadbalancer/", "listener/"));
  const listener: ListenerRecord = {
    arn,
    port,
    loadBalancer,
    description: {
      ListenerArn: arn,
      LoadBalancerArn: loadBalancer.arn,
      Port: port,
      Protocol: "HTTP",
      DefaultActions: actions,
    },
  };
  world.listeners.set(arn, listener);
  addRule(world, listener, Number.POSITIVE_INFINITY, { Actions: actions, IsDefault: true });
  return listener;
}

/** @throws as {@link createListener}. */
export function modifyListener(world: ElbWorld, input: ModifyListenerInput): ListenerRecord {
  const listener = world.listener(input.ListenerArn);
  plainHttp(input.Protocol ?? "HTTP");
  const moved = input.Port !== undefined && input.Port !== listener.port;
  const port = moved ? freePort(world, listener.loadBalancer, input.Port ?? 0) : listener.port;
  if (input.DefaultActions) {
    const actions = actionsFor(world, listener.loadBalancer, input.DefaultActions);
    listener.description.DefaultActions = actions;
    const rule = world.rulesOf(listener).at(-1);
    if (rule) rule.description.Actions = actions;
  }
  listener.port = port;
  listener.description.Port = port;
  return listener;
}

/** Deletes a listener and its rules. @throws AwsError ListenerNotFound. */
export function deleteListener(world: ElbWorld, arn: string | undefined): void {
  const listener = world.listener(arn);
  for (const rule of world.rulesOf(listener)) world.rules.delete(rule.arn);
  world.listeners.delete(listener.arn);
}

/** @throws AwsError PriorityInUse, ListenerNotFound, TargetGroupNotFound, ValidationError, NotRehearsed, … */
export function createRule(world: ElbWorld, input: CreateRuleInput): RuleRecord {
  const listener = world.listener(input.ListenerArn);
  noTransforms(input);
  const priority = within("Priority", input.Priority ?? Number.NaN, 1, 50_000);
  const Conditions = checkedConditions(input.Conditions);
  const Actions = actionsFor(world, listener.loadBalancer, input.Actions);
  const taken = world.rulesOf(listener).some((rule) => rule.priority === priority);
  if (taken) throw new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
  return addRule(world, listener, priority, { Conditions, Actions, IsDefault: false });
}

/** @throws AwsError RuleNotFound, OperationNotPermitted for a default rule, and as {@link createRule}. */
export function modifyRule(world: ElbWorld, input: ModifyRuleInput): RuleRecord {
  const rule = changeable(world, input.RuleArn, "modified");
  noTransforms(input);
  const { description, listener } = rule;
  const Conditions = input.Conditions
    ? checkedConditions(input.Conditions)
    : description.Conditions;
  const Actions = input.Actions
    ? actionsFor(world, listener.loadBalancer, input.Actions)
    : description.Actions;
  rule.description = { ...description, Conditions, Actions };
  return rule;
}

/** @throws AwsError RuleNotFound, or OperationNotPermitted for a default rule. */
export function deleteRule(world: ElbWorld, arn: string | undefined): void {
  world.rules.delete(changeable(world, arn, "deleted").arn);
}

/** Sets all priorities, or none. @throws AwsError PriorityInUse, RuleNotFound, OperationNotPermitted. */
export function setRulePriorities(
  world: ElbWorld,
  pairs: RulePriorityPair[] | undefined,
): RuleRecord[] {
  const wanted = (pairs ?? []).map(({ RuleArn, Priority }) => ({
    rule: changeable(world, RuleArn, "modified"),
    priority: within("Priority", Priority ?? Number.NaN, 1, 50_000),
  }));
  const priorityOf = (rule: RuleRecord) =>
    wanted.find((one) => one.rule === rule)?.priority ?? rule.priority;
  for (const { rule, priority } of wanted) {
    const clash = world
      .rulesOf(rule.listener)
      .some((other) => other !== rule && priorityOf(other) === priority);
    if (clash) throw new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
  }
  for (const { rule, priority } of wanted) {
    rule.priority = priority;
    rule.description.Priority = String(priority);
  }
  return wanted.map(({ rule }) => rule);
}

function addRule(
  world: ElbWorld,
  listener: ListenerRecord,
  priority: number,
  description: RuleRecord["description"],
): RuleRecord {
  const arn = world.newArn(childPath(listener.arn, "listener/", "listener-rule/"));
  const rule: RuleRecord = {
    arn,
    listener,
    priority,
    description: {
      RuleArn: arn,
      Priority: Number.isFinite(priority) ? String(priority) : "default",
      Conditions: [],
      ...description,
    },
  };
  world.rules.set(arn, rule);
  return rule;
}

function changeable(world: ElbWorld, arn: string | undefined, done: string): RuleRecord {
  const rule = world.rule(arn);
  if (!Number.isFinite(rule.priority)) {
    throw new AwsError("OperationNotPermitted", `Default rule '${arn}' cannot be ${done}`);
  }
  return rule;
}

function actionsFor(
  world: ElbWorld,
  loadBalancer: LoadBalancerRecord,
  actions: Action[] | undefined,
): Action[] {
  const checked = checkedActions(actions);
  for (const { arn } of forwardedGroups(checked)) {
    world.targetGroup(arn);
    const user = world.loadBalancerOf(arn);
    if (user && user !== loadBalancer) {
      throw new AwsError(
        "TargetGroupAssociationLimit",
        `Target group '${arn}' is used by load balancer '${user.arn}'; it can be used by one only`,
      );
    }
  }
  return checked;
}

function freePort(world: ElbWorld, loadBalancer: LoadBalancerRecord, port: number): number {
  within("Listener port", port, 1, 65_535);
  if (world.listenersOf(loadBalancer).some((listener) => listener.port === port)) {
    throw new AwsError("DuplicateListener", `A listener already exists on port ${port}`);
  }
  return port;
}

function plainHttp(protocol: string): void {
  if (protocol !== "HTTP") throw notRehearsed(`Listener protocol '${protocol}'`, "use HTTP");
}

function noTransforms({ Transforms }: { Transforms?: unknown[] }): void {
  if (Transforms?.length) throw notRehearsed("A rule with transforms", "leave them out");
}

/** `…:loadbalancer/app/x/1` → `listener/app/x/1`: a child's ARN continues its parent's. */
function childPath(arn: string, from: string, to: string): string {
  return to + arn.slice(arn.indexOf(from) + from.length);
}
