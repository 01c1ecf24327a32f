import { AwsError } from "../../cloud/awsError.ts";
import { unknown } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { arn, aws, tokens } from "./shared.ts";

/** Elastic Container Registry. Images are in the rehearsal's own registry, by the repository's URL. */
export const registryTypes: ResourceType[] = [
  aws({
    token: tokens.repository,
    kind: "behaves",
    naming: { maxLength: 256, transform: (name) => name.toLowerCase() },
    rules: {
      name: {
        maxLength: 256,
        pattern: [
          /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
          "lower-case words, separated by one of . _ - or /",
        ],
      },
      imageTagMutability: {
        oneOf: ["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"],
      },
    },
    defaults: { imageTagMutability: "MUTABLE" },
    replaceOn: ["name", "encryptionConfigurations"],
    ignoreOn: ["forceDelete"],
    unique: { property: "name", taken: "RepositoryAlreadyExistsException" },
    computed: ["arn", "registryId", "repositoryUrl"],
    create: ({ name }, { world }) => ({
      id: String(name),
      outputs: {
        arn: arn(world, { service: "ecr", resource: `repository/${name}` }),
        registryId: world.account,
        repositoryUrl: `${world.account}.dkr.ecr.${world.region}.amazonaws.com/${name}`,
      },
    }),
    delete: ({ id, inputs, outputs }, { world }) => {
      const registry = world.service("registry");
      const url = String(outputs.repositoryUrl);
      if (inputs.forceDelete !== true && registry.list(url).length > 0) {
        throw new AwsError(
          "RepositoryNotEmptyException",
          `The repository with name '${id}' cannot be deleted because it still contains images`,
        );
      }
      registry.remove(url);
    },
  }),
  aws({
    token: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    kind: "inert",
    taggable: false,
    required: ["policy", "repository"],
    validate: ({ policy }) => {
      if (policy === unknown) return [];
      try {
        if (JSON.parse(String(policy)).rules?.length > 0) return [];
      } catch {
        // The failure below says it.
      }
      return [{ property: "policy", reason: "must be JSON with at least one of `rules`" }];
    },
    replaceOn: ["policy", "repository"],
    references: [
      {
        path: "repository",
        to: [tokens.repository],
        by: "name",
        missing: "RepositoryNotFoundException",
        holds: false,
      },
    ],
    computed: ["registryId"],
    create: ({ repository }, { world }) => ({
      id: String(repository),
      outputs: { registryId: world.account },
    }),
  }),
];
