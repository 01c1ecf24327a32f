import type { Properties } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { flag, number, object, text, texts } from "../values.ts";
import { arn, aws, references, tokens } from "./shared.ts";

/** Inputs of a launch template that are no part of a version. */
const ofTemplate = new Set(["name", "tags", "defaultVersion", "updateDefaultVersion", "region"]);

/** Instances, and how they are launched. User data is never executed. */
export const autoScalingTypes: ResourceType[] = [
  aws({
    token: tokens.launchTemplate,
    kind: "behaves",
    naming: { maxLength: 128 },
    rules: {
      name: {
        maxLength: 128,
        pattern: [/^[\w().\-/]{3,}$/, "at least 3 of letters, digits, ( ) . - / _"],
      },
      "metadataOptions.httpTokens": { oneOf: ["optional", "required"] },
      "metadataOptions.httpEndpoint": { oneOf: ["enabled", "disabled"] },
      "metadataOptions.httpPutResponseHopLimit": { min: 1, max: 64 },
      "blockDeviceMappings[].ebs.volumeType": {
        oneOf: ["standard", "io1", "io2", "gp2", "gp3", "sc1", "st1"],
      },
    },
    replaceOn: ["name", "namePrefix"],
    references: [
      references.securityGroups("vpcSecurityGroupIds[]"),
      {
        path: "iamInstanceProfile.arn",
        to: [tokens.instanceProfile],
        by: "arn",
        missing: "InvalidParameterValue",
        holds: false,
      },
    ],
    unique: { property: "name", taken: "InvalidLaunchTemplateName.AlreadyExistsException" },
    computed: ["arn", "defaultVersion", "latestVersion"],
    recomputed: ["latestVersion", "defaultVersion"],
    create: async (inputs, { world }) => {
      const { LaunchTemplate } = await world.service("autoScaling").createLaunchTemplate({
        LaunchTemplateName: String(inputs.name),
        LaunchTemplateData: versionOf(inputs),
      });
      const id = LaunchTemplate.LaunchTemplateId;
      return {
        id,
        outputs: {
          arn: arn(world, { service: "ec2", resource: `launch-template/${id}` }),
          defaultVersion: LaunchTemplate.DefaultVersionNumber,
          latestVersion: LaunchTemplate.LatestVersionNumber,
        },
      };
    },
    update: async ({ id, inputs, outputs, changed }, { world }) => {
      const { defaultVersion, latestVersion } = outputs;
      if ([...changed].every((name) => ofTemplate.has(name))) {
        return { defaultVersion, latestVersion };
      }
      const { LaunchTemplate } = await world.service("autoScaling").createLaunchTemplateVersion({
        LaunchTemplateId: id,
        LaunchTemplateData: versionOf(inputs),
        SetDefault: flag(inputs.updateDefaultVersion),
      });
      return {
        defaultVersion: LaunchTemplate.DefaultVersionNumber,
        latestVersion: LaunchTemplate.LatestVersionNumber,
      };
    },
    delete: async ({ id }, { world }) => {
      await world.service("autoScaling").deleteLaunchTemplate({ LaunchTemplateId: id });
    },
  }),
  aws({
    token: tokens.group,
    kind: "behaves",
    taggable: false,
    naming: { maxLength: 255 },
    required: ["maxSize", "minSize", "tags[].key", "tags[].value", "tags[].propagateAtLaunch"],
    rules: {
      name: { maxLength: 255 },
      minSize: { min: 0 },
      maxSize: { min: 0 },
      healthCheckType: { oneOf: ["EC2", "ELB", "EBS", "VPC_LATTICE"] },
      "instanceRefresh.strategy": { oneOf: ["Rolling", "ReplaceRootVolume"] },
    },
    validate: ({ minSize, maxSize, launchTemplate, vpcZoneIdentifiers }) => [
      ...(Number(minSize) > Number(maxSize)
        ? [{ property: "minSize", reason: `${minSize} is more than maxSize, ${maxSize}` }]
        : []),
      ...(launchTemplate === undefined || vpcZoneIdentifiers === undefined
        ? [
            {
              property: "launchTemplate",
              reason: "launchTemplate and vpcZoneIdentifiers are needed",
            },
          ]
        : []),
    ],
    defaults: { healthCheckGracePeriod: 300, forceDelete: false },
    replaceOn: ["name", "namePrefix"],
    ignoreOn: ["forceDelete", "waitForCapacityTimeout"],
    sets: ["vpcZoneIdentifiers", "tags"],
    references: [
      { ...references.subnets("vpcZoneIdentifiers[]"), missing: "ValidationError" },
      {
        path: "launchTemplate.id",
        to: [tokens.launchTemplate],
        missing: "ValidationError",
        holds: false,
      },
    ],
    unique: { property: "name", taken: "AlreadyExists" },
    computed: ["arn", "availabilityZones", "desiredCapacity", "predictedCapacity", "warmPoolSize"],
    create: async (inputs, { world }) => {
      const { AutoScalingGroup } = await world.service("autoScaling").createAutoScalingGroup({
        AutoScalingGroupName: String(inputs.name),
        ...settingsOf(inputs),
        MinSize: Number(inputs.minSize),
        MaxSize: Number(inputs.maxSize),
      });
      const zones = (texts(inputs.vpcZoneIdentifiers) ?? []).map(
        (id) => world.subnet(id)?.availabilityZone ?? "",
      );
      return {
        id: AutoScalingGroup.AutoScalingGroupName,
        outputs: {
          arn: AutoScalingGroup.AutoScalingGroupARN,
          availabilityZones: [...new Set(zones)],
          desiredCapacity: AutoScalingGroup.DesiredCapacity,
          predictedCapacity: 0,
          warmPoolSize: 0,
        },
      };
    },
    update: async ({ id, inputs, changed }, { world }) => {
      const { MinSize, MaxSize, ...settings } = settingsOf(inputs);
      const { AutoScalingGroup } = await world.service("autoScaling").updateAutoScalingGroup({
        AutoScalingGroupName: id,
        ...settings,
        ...(changed.has("minSize") ? { MinSize } : {}),
        ...(changed.has("maxSize") ? { MaxSize } : {}),
      });
      return { desiredCapacity: AutoScalingGroup.DesiredCapacity };
    },
    delete: async ({ id, inputs }, { world }) => {
      const autoScaling = world.service("autoScaling");
      const ForceDelete = flag(inputs.forceDelete) === true;
      if (!ForceDelete) {
        const none = { MinSize: 0, MaxSize: 0, DesiredCapacity: 0 };
        await autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: id, ...none });
      }
      await autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: id, ForceDelete });
    },
    read: async ({ id }, { world }) => {
      const { AutoScalingGroups } = await world
        .service("autoScaling")
        .describeAutoScalingGroups({ AutoScalingGroupNames: [id] });
      const [group] = AutoScalingGroups;
      return (
        group && {
          minSize: group.MinSize,
          maxSize: group.MaxSize,
          desiredCapacity: group.DesiredCapacity,
        }
      );
    },
  }),
  aws({
    token: "aws:autoscaling/tag:Tag",
    kind: "inert",
    taggable: false,
    required: ["autoscalingGroupName", "tag", "tag.key", "tag.value", "tag.propagateAtLaunch"],
    replaceOn: ["autoscalingGroupName", "tag.key"],
    references: [
      {
        path: "autoscalingGroupName",
        to: [tokens.group],
        missing: "ValidationError",
        holds: false,
      },
    ],
    create: ({ autoscalingGroupName, tag }) => ({
      id: `${autoscalingGroupName},${object(tag)?.key}`,
      outputs: {},
    }),
  }),
];

/** What the rehearsal acts on, by AWS's names; the rest as the program wrote it. */
function versionOf(inputs: Properties) {
  const { imageId, instanceType, userData, ...rest } = inputs;
  const other = Object.entries(rest).filter(([name]) => !ofTemplate.has(name));
  return {
    ...Object.fromEntries(other),
    ImageId: text(imageId),
    InstanceType: text(instanceType),
    UserData: text(userData),
  };
}

function settingsOf(inputs: Properties) {
  const template = object(inputs.launchTemplate);
  const DesiredCapacity = number(inputs.desiredCapacity);
  return {
    MinSize: number(inputs.minSize),
    MaxSize: number(inputs.maxSize),
    ...(DesiredCapacity === undefined ? {} : { DesiredCapacity }),
    VPCZoneIdentifier: (texts(inputs.vpcZoneIdentifiers) ?? []).join(","),
    LaunchTemplate: {
      LaunchTemplateId: text(template?.id),
      LaunchTemplateName: text(template?.name),
      Version: text(template?.version),
    },
    NewInstancesProtectedFromScaleIn: flag(inputs.protectFromScaleIn) ?? false,
  };
}
