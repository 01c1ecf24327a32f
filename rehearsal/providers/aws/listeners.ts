import type { CreateListenerInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Properties, Property } from "../properties.ts";
import type { Reference } from "../resourceRules.ts";
import type { Failure, ResourceType, Rule } from "../resourceType.ts";
import { number, objects, text } from "../values.ts";
import type { World } from "../world.ts";
import { fromActions, toActions, toConditions } from "./ruleShapes.ts";
import { aws, tokens } from "./shared.ts";

const actionType: Rule = {
  oneOf: [
    "forward",
    "redirect",
    "fixed-response",
    "authenticate-cognito",
    "authenticate-oidc",
    "jwt-validation",
  ],
};
const weight: Rule = { min: 0, max: 999 };

/** Where requests come in, and which way they go. */
export const listenerTypes: ResourceType[] = [
  aws({
    token: tokens.listener,
    kind: "behaves",
    required: ["loadBalancerArn", "defaultActions", "defaultActions[].type"],
    rules: {
      port: { min: 1, max: 65535 },
      protocol: { oneOf: ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"] },
      "defaultActions[].type": actionType,
      "defaultActions[].forward.targetGroups[].weight": weight,
    },
    validate: ({ defaultActions, protocol, certificateArn }) => [
      ...checkActions("defaultActions", defaultActions),
      ...(protocol === "HTTPS" && certificateArn === undefined
        ? [{ property: "certificateArn", reason: "a listener with HTTPS needs a certificate" }]
        : []),
    ],
    replaceOn: ["loadBalancerArn"],
    sets: ["defaultActions.forward.targetGroups"],
    references: [
      {
        path: "loadBalancerArn",
        to: [tokens.loadBalancer],
        missing: "LoadBalancerNotFound",
        holds: false,
      },
      ...targetGroups("defaultActions"),
    ],
    computed: ["arn", "protocol", "sslPolicy"],
    create: async (inputs, { world }) => {
      const { Listeners = [] } = await world.service("loadBalancing").createListener({
        LoadBalancerArn: text(inputs.loadBalancerArn),
        Port: number(inputs.port),
        Protocol: protocolOf(inputs),
        DefaultActions: toActions(inputs.defaultActions),
      });
      const arn = String(Listeners[0]?.ListenerArn);
      return { id: arn, outputs: { arn, protocol: Listeners[0]?.Protocol, sslPolicy: "" } };
    },
    update: async ({ id, inputs, changed }, { world }) => {
      await world.service("loadBalancing").modifyListener({
        ListenerArn: id,
        ...(changed.has("port") ? { Port: number(inputs.port) } : {}),
        ...(changed.has("protocol") ? { Protocol: protocolOf(inputs) } : {}),
        ...(changed.has("defaultActions")
          ? { DefaultActions: toActions(inputs.defaultActions) }
          : {}),
      });
      return {};
    },
    delete: async ({ id }, { world }) => {
      if (await findListener(world, id)) {
        await world.service("loadBalancing").deleteListener({ ListenerArn: id });
      }
    },
    read: async ({ id }, { world }) => {
      const found = await findListener(world, id);
      return (
        found && {
          port: found.Port,
          protocol: found.Protocol,
          defaultActions: fromActions(found.DefaultActions),
        }
      );
    },
  }),
  aws({
    token: tokens.listenerRule,
    kind: "behaves",
    required: ["listenerArn", "actions", "conditions", "actions[].type"],
    rules: {
      priority: { min: 1, max: 50000 },
      "actions[].type": actionType,
      "actions[].forward.targetGroups[].weight": weight,
    },
    validate: ({ actions }) => checkActions("actions", actions),
    replaceOn: ["listenerArn"],
    sets: ["actions.forward.targetGroups"],
    references: [
      {
        path: "listenerArn",
        to: [tokens.listener],
        by: "arn",
        missing: "ListenerNotFound",
        holds: false,
      },
      ...targetGroups("actions"),
    ],
    computed: ["arn", "priority"],
    create: async (inputs, { world }) => {
      const elb = world.service("loadBalancing");
      const ListenerArn = text(inputs.listenerArn);
      const Priority = number(inputs.priority) ?? (await nextPriority(world, ListenerArn));
      const { Rules = [] } = await elb.createRule({
        ListenerArn,
        Priority,
        Actions: toActions(inputs.actions),
        Conditions: toConditions(inputs.conditions),
      });
      const arn = String(Rules[0]?.RuleArn);
      return { id: arn, outputs: { arn, priority: Priority } };
    },
    update: async ({ id, inputs, changed }, { world }) => {
      const elb = world.service("loadBalancing");
      if (changed.has("priority")) {
        await elb.setRulePriorities({
          RulePriorities: [{ RuleArn: id, Priority: number(inputs.priority) }],
        });
      }
      // Only what changed is sent: the actions that ECS has moved since stay as they are.
      const modified = {
        ...(changed.has("actions") ? { Actions: toActions(inputs.actions) } : {}),
        ...(changed.has("conditions") ? { Conditions: toConditions(inputs.conditions) } : {}),
      };
      if (Object.keys(modified).length > 0) await elb.modifyRule({ RuleArn: id, ...modified });
      return {};
    },
    delete: async ({ id }, { world }) => {
      if (await findRule(world, id)) {
        await world.service("loadBalancing").deleteRule({ RuleArn: id });
      }
    },
    read: async ({ id }, { world }) => {
      const found = await findRule(world, id);
      return found && { priority: number(found.Priority), actions: fromActions(found.Actions) };
    },
  }),
];

function targetGroups(property: string): Reference[] {
  const paths = [`${property}[].targetGroupArn`, `${property}[].forward.targetGroups[].arn`];
  return paths.map((path) => ({ path, to: [tokens.targetGroup], missing: "TargetGroupNotFound" }));
}

function checkActions(property: string, actions: Property | undefined): Failure[] {
  const needs: Record<string, string[]> = {
    forward: ["targetGroupArn", "forward"],
    redirect: ["redirect"],
    "fixed-response": ["fixedResponse"],
  };
  return objects(actions).flatMap((action) => {
    const names = needs[String(action.type)] ?? [];
    if (names.length === 0 || names.some((name) => action[name] !== undefined)) return [];
    return [{ property, reason: `an action of type "${action.type}" needs ${names.join(" or ")}` }];
  });
}

function protocolOf(inputs: Properties): CreateListenerInput["Protocol"] {
  return text(inputs.protocol) as CreateListenerInput["Protocol"];
}

async function findListener(world: World, arn: string) {
  try {
    const elb = world.service("loadBalancing");
    const { Listeners = [] } = await elb.describeListeners({ ListenerArns: [arn] });
    return Listeners[0];
  } catch (error) {
    return absent(error, "ListenerNotFound");
  }
}

async function findRule(world: World, arn: string) {
  try {
    const { Rules = [] } = await world.service("loadBalancing").describeRules({ RuleArns: [arn] });
    return Rules[0];
  } catch (error) {
    return absent(error, "RuleNotFound");
  }
}

function absent(error: unknown, code: string): undefined {
  if (error instanceof Error && "code" in error && error.code === code) return undefined;
  throw error;
}

async function nextPriority(world: World, ListenerArn: string | undefined): Promise<number> {
  const { Rules = [] } = await world.service("loadBalancing").describeRules({ ListenerArn });
  const taken = Rules.map(({ Priority }) => Number(Priority)).filter(Number.isFinite);
  return Math.max(0, ...taken) + 1;
}
