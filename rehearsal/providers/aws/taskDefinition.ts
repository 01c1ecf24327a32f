import type { RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { unknown } from "../properties.ts";
import type { Reference } from "../resourceRules.ts";
import type { ResourceType } from "../resourceType.ts";
import { fromApi, number, object, objects, text, texts } from "../values.ts";
import { aws, tokens } from "./shared.ts";

/** Every change makes a new revision; `skipDestroy` leaves the old one in service. */
export const taskDefinition: ResourceType = aws({
  token: tokens.taskDefinition,
  kind: "behaves",
  required: ["containerDefinitions", "family"],
  rules: {
    "ephemeralStorage.sizeInGib": { min: 21, max: 200 },
    family: { maxLength: 255, pattern: [/^[\w-]+$/, "letters, digits, _ and -"] },
    networkMode: { oneOf: ["bridge", "host", "awsvpc", "none"] },
    "requiresCompatibilities[]": { oneOf: ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"] },
    "runtimePlatform.cpuArchitecture": { oneOf: ["X86_64", "ARM64"] },
  },
  validate: ({ containerDefinitions }) => {
    if (containerDefinitions === unknown) return [];
    try {
      if (Array.isArray(JSON.parse(String(containerDefinitions)))) return [];
    } catch {
      // The failure below says it.
    }
    const reason = "must be the JSON of a list of container definitions";
    return [{ property: "containerDefinitions", reason }];
  },
  defaults: { skipDestroy: false, trackLatest: false },
  replaceOn: [
    "containerDefinitions",
    "cpu",
    "enableFaultInjection",
    "ephemeralStorage",
    "executionRoleArn",
    "family",
    "ipcMode",
    "memory",
    "networkMode",
    "pidMode",
    "placementConstraints",
    "proxyConfiguration",
    "requiresCompatibilities",
    "runtimePlatform",
    "taskRoleArn",
    "volumes",
  ],
  sets: ["requiresCompatibilities"],
  references: [roleReference("executionRoleArn"), roleReference("taskRoleArn")],
  key: "arn",
  computed: ["arn", "arnWithoutRevision", "revision"],
  create: async (inputs, { world }) => {
    const platform = object(inputs.runtimePlatform);
    const storage = object(inputs.ephemeralStorage);
    const tags = Object.entries(object(inputs.tags) ?? {});
    const { taskDefinition } = await world.service("ecs").registerTaskDefinition({
      family: text(inputs.family),
      containerDefinitions: JSON.parse(String(inputs.containerDefinitions)),
      cpu: text(inputs.cpu),
      memory: text(inputs.memory),
      executionRoleArn: text(inputs.executionRoleArn),
      taskRoleArn: text(inputs.taskRoleArn),
      networkMode: text(inputs.networkMode) as RegisterTaskDefinitionRequest["networkMode"],
      requiresCompatibilities: texts(
        inputs.requiresCompatibilities,
      ) as RegisterTaskDefinitionRequest["requiresCompatibilities"],
      runtimePlatform: platform && fromApi(platform),
      volumes: inputs.volumes === undefined ? undefined : objects(inputs.volumes).map(fromApi),
      ephemeralStorage: storage && { sizeInGiB: number(storage.sizeInGib) },
      tags: tags.map(([key, value]) => ({ key, value: String(value) })),
    });
    const arn = String(taskDefinition?.taskDefinitionArn);
    return {
      // The provider's id is the family: all its revisions share it.
      id: String(inputs.family),
      outputs: {
        arn,
        arnWithoutRevision: arn.slice(0, arn.lastIndexOf(":")),
        revision: taskDefinition?.revision,
      },
    };
  },
  delete: async ({ inputs, outputs }, { world }) => {
    const arn = String(outputs.arn);
    if (inputs.skipDestroy === true) return world.keep(`task definition ${arn}`);
    await world.service("ecs").deregisterTaskDefinition({ taskDefinition: arn });
  },
  read: async ({ outputs }, { world }) => {
    const { taskDefinition } = await world
      .service("ecs")
      .describeTaskDefinition({ taskDefinition: String(outputs.arn) });
    return taskDefinition?.status === "ACTIVE" ? {} : undefined;
  },
});

function roleReference(path: string): Reference {
  return { path, to: [tokens.role], by: "arn", missing: "ClientException", holds: false };
}
