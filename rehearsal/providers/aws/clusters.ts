import type { ManagedScalingStatus } from "@aws-sdk/client-ecs";
import { fargateProviders } from "../../cloud/ecs/capacityProviders.ts";
import type { Properties } from "../properties.ts";
import type { ResourceType, Rule } from "../resourceType.ts";
import { number, object, objects, text, texts } from "../values.ts";
import type { World } from "../world.ts";
import { strategyOf } from "./ecsShapes.ts";
import { tagsOf, updateTags } from "./ecsTags.ts";
import { aws, tokens } from "./shared.ts";

const onOff: Rule = { oneOf: ["ENABLED", "DISABLED"] };
const name: Rule = { maxLength: 255, pattern: [/^[\w-]+$/, "letters, digits, _ and -"] };

/** Clusters, and the capacity that they have. */
export const clusterTypes: ResourceType[] = [
  aws({
    token: tokens.cluster,
    kind: "behaves",
    naming: { maxLength: 255 },
    rules: {
      name,
      "settings[].name": { oneOf: ["containerInsights"] },
      "settings[].value": { oneOf: ["enabled", "disabled", "enhanced"] },
    },
    replaceOn: ["name"],
    sets: ["settings"],
    unique: { property: "name", taken: "InvalidParameterException" },
    inUse: "ClusterContainsServicesException",
    computed: ["arn", "settings"],
    create: async (inputs, { world }) => {
      const { cluster } = await world.service("ecs").createCluster({
        clusterName: text(inputs.name),
        settings: objects(inputs.settings).map(({ value }) => ({
          name: "containerInsights",
          value: text(value),
        })),
        tags: tagsOf(inputs.tags),
      });
      const arn = String(cluster?.clusterArn);
      return { id: arn, outputs: { arn } };
    },
    update: async ({ id, inputs, changed, before }, { world }) => {
      if (changed.has("tags")) await updateTags(world, id, { before, after: inputs });
      return {};
    },
    delete: async ({ id }, { world }) => {
      await world.service("ecs").deleteCluster({ cluster: id });
    },
  }),
  aws({
    token: tokens.capacityProvider,
    kind: "behaves",
    naming: { maxLength: 255 },
    required: ["autoScalingGroupProvider", "autoScalingGroupProvider.autoScalingGroupArn"],
    rules: {
      name: {
        ...name,
        pattern: [
          /^(?!aws|ecs|fargate)[\w-]+$/i,
          "a name that does not begin with aws, ecs or fargate",
        ],
      },
      "autoScalingGroupProvider.managedDraining": onOff,
      "autoScalingGroupProvider.managedTerminationProtection": onOff,
      "autoScalingGroupProvider.managedScaling.status": onOff,
      "autoScalingGroupProvider.managedScaling.targetCapacity": { min: 1, max: 100 },
      "autoScalingGroupProvider.managedScaling.minimumScalingStepSize": { min: 1, max: 10000 },
      "autoScalingGroupProvider.managedScaling.maximumScalingStepSize": { min: 1, max: 10000 },
      "autoScalingGroupProvider.managedScaling.instanceWarmupPeriod": { min: 0, max: 10000 },
    },
    replaceOn: ["name", "autoScalingGroupProvider.autoScalingGroupArn"],
    references: [
      {
        path: "autoScalingGroupProvider.autoScalingGroupArn",
        to: [tokens.group],
        by: "arn",
        missing: "ClientException",
        holds: false,
      },
    ],
    unique: { property: "name", taken: "ClientException" },
    inUse: "ResourceInUseException",
    computed: ["arn"],
    create: async (inputs, { world }) => {
      const { capacityProvider } = await world.service("ecs").createCapacityProvider({
        name: text(inputs.name),
        autoScalingGroupProvider: groupProviderOf(inputs),
      });
      const arn = String(capacityProvider?.capacityProviderArn);
      return { id: arn, outputs: { arn } };
    },
    update: ({ changed, inputs }) => {
      if (!changed.has("autoScalingGroupProvider")) return {};
      throw new Error(
        `Changing the capacity provider ${inputs.name} in place is not rehearsed; ` +
          "start the rehearsal from a world that has the new values already.",
      );
    },
    delete: async ({ id }, { world }) => {
      await world.service("ecs").deleteCapacityProvider({ capacityProvider: id });
    },
  }),
  aws({
    token: "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
    kind: "behaves",
    taggable: false,
    required: ["clusterName"],
    replaceOn: ["clusterName"],
    sets: ["capacityProviders", "defaultCapacityProviderStrategies"],
    references: [
      {
        path: "clusterName",
        to: [tokens.cluster],
        by: "name",
        missing: "ClusterNotFoundException",
        holds: false,
      },
      {
        path: "capacityProviders[]",
        to: [tokens.capacityProvider],
        by: "name",
        given: fargateProviders,
        missing: "InvalidParameterException",
      },
    ],
    create: async (inputs, { world }) => {
      await putProviders(world, inputs);
      return { id: String(inputs.clusterName), outputs: {} };
    },
    update: async ({ inputs }, { world }) => {
      await putProviders(world, inputs);
      return {};
    },
    delete: ({ inputs }, { world }) => putProviders(world, { clusterName: inputs.clusterName }),
  }),
];

function groupProviderOf(inputs: Properties) {
  const provider = object(inputs.autoScalingGroupProvider);
  const scaling = object(provider?.managedScaling);
  const enabled = (value: string | undefined): ManagedScalingStatus | undefined =>
    value === "ENABLED" || value === "DISABLED" ? value : undefined;
  return {
    autoScalingGroupArn: text(provider?.autoScalingGroupArn),
    managedDraining: enabled(text(provider?.managedDraining)),
    managedTerminationProtection: enabled(text(provider?.managedTerminationProtection)),
    ...(scaling
      ? {
          managedScaling: {
            status: enabled(text(scaling.status)),
            targetCapacity: number(scaling.targetCapacity),
            minimumScalingStepSize: number(scaling.minimumScalingStepSize),
            maximumScalingStepSize: number(scaling.maximumScalingStepSize),
            instanceWarmupPeriod: number(scaling.instanceWarmupPeriod),
          },
        }
      : {}),
  };
}

async function putProviders(world: World, inputs: Properties): Promise<void> {
  await world.service("ecs").putClusterCapacityProviders({
    cluster: text(inputs.clusterName),
    capacityProviders: texts(inputs.capacityProviders) ?? [],
    defaultCapacityProviderStrategy: strategyOf(inputs.defaultCapacityProviderStrategies),
  });
}
