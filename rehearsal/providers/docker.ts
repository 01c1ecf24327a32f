import { existsSync } from "node:fs";
import { join } from "node:path";
import { contextFiles, hashFiles } from "../container/contextFiles.ts";
import { isProperties, type Properties, unknown } from "./properties.ts";
import type { ProviderKind } from "./providerKind.ts";
import type { Context, Failure, ResourceType } from "./resourceType.ts";
import { object } from "./values.ts";

const image: ResourceType = {
  token: "docker:index/image:Image",
  kind: "behaves",
  required: ["imageName"],
  validate: checkBuild,
  // As the real one: what changed in the context shows as a changed input.
  derive: (inputs) => ({ build: { contextDigest: contextDigest(buildOf(inputs)) } }),
  // A token that ECR renews twice a day is no reason to build.
  ignoreOn: ["registry.username", "registry.password"],
  computed: ["baseImageName", "context", "dockerfile", "registryServer", "repoDigest"],
  recomputed: ["repoDigest", "baseImageName"],
  create: async (inputs, context) => ({
    id: String(inputs.imageName),
    outputs: await buildAndPush(inputs, context),
  }),
  update: ({ inputs }, context) => buildAndPush(inputs, context),
};

export const dockerProvider: ProviderKind = {
  name: "docker",
  version: "5.2.0",
  types: [image],
  table: "rehearsal/providers/docker.ts",
};

interface Build {
  context: string;
  dockerfile: string;
  args: Record<string, string>;
  target: string | undefined;
}

function buildOf({ build }: Properties): Build {
  const { context = ".", dockerfile, args, target } = isProperties(build) ? build : {};
  return {
    context: String(context),
    dockerfile: dockerfile === undefined ? join(String(context), "Dockerfile") : String(dockerfile),
    args: Object.fromEntries(
      Object.entries(isProperties(args) ? args : {}).map(([name, value]) => [name, String(value)]),
    ),
    target: target === undefined || target === null ? undefined : String(target),
  };
}

function checkBuild(inputs: Properties): Failure[] {
  const { context, dockerfile } = buildOf(inputs);
  if ([context, dockerfile].includes(unknown)) {
    return [
      {
        property: "build",
        reason: "context and dockerfile must be known before anything is built",
      },
    ];
  }
  const failures: Failure[] = [];
  for (const path of [context, dockerfile]) {
    if (!existsSync(path)) failures.push({ property: "build", reason: `"${path}" does not exist` });
  }
  const { imageName } = inputs;
  if (typeof imageName === "string" && imageName !== unknown && !imageName.includes("/")) {
    const reason = `"${imageName}" must name its registry, such as registry.example/app:tag`;
    failures.push({ property: "imageName", reason });
  }
  return failures;
}

function contextDigest({ context, dockerfile }: Build): string {
  return hashFiles(context, contextFiles(context), dockerfile);
}

async function buildAndPush(inputs: Properties, { world }: Context): Promise<Properties> {
  const { context, dockerfile, args, target } = buildOf(inputs);
  const image = await world.service("buildImage")({ context, dockerfile, buildArgs: args, target });
  const { repository, tag } = splitName(String(inputs.imageName));
  const isLocal = inputs.skipPush === true;
  if (!isLocal) checkPush(inputs, world, repository);
  const pushed = isLocal ? "" : world.service("registry").push(repository, tag, image);
  return {
    baseImageName: String(inputs.imageName),
    context,
    dockerfile,
    imageName: inputs.imageName,
    registryServer: repository.split("/")[0],
    repoDigest: pushed,
  };
}

/** A registry of a cloud: where it is, and which of its repositories there are. */
interface CloudRegistry {
  host: RegExp;
  /** Whether a repository was made before. */
  knows(repository: string, world: Context["world"]): boolean;
}

const registries: CloudRegistry[] = [
  {
    host: /^\d+\.dkr\.ecr\./,
    knows: (repository, world) =>
      world
        .list("aws:ecr/repository:Repository")
        .some(({ outputs }) => outputs.repositoryUrl === repository),
  },
  {
    host: /^[a-z0-9-]+-docker\.pkg\.dev\//,
    // A repository holds images of any name.
    knows: (repository, world) =>
      world
        .list("gcp:artifactregistry/repository:Repository")
        .some(({ outputs }) => repository.startsWith(`${outputs.registryUri}/`)),
  },
];

/** A registry takes nothing from strangers, and knows only repositories that were made before. */
function checkPush(inputs: Properties, world: Context["world"], repository: string): void {
  const registry = registries.find(({ host }) => host.test(repository));
  if (!registry) return;
  if (!registry.knows(repository, world)) {
    const name = repository.slice(repository.indexOf("/") + 1);
    throw new Error(
      `error pushing image: name unknown: The repository with name '${name}' does not exist in the registry`,
    );
  }
  const { username, password } = object(inputs.registry) ?? {};
  if (!username || !password) {
    throw new Error(`error pushing image: no basic auth credentials for ${repository}`);
  }
}

function splitName(name: string): { repository: string; tag: string } {
  // A colon after the last slash starts the tag; one before it belongs to the registry's port.
  const colon = name.indexOf(":", name.lastIndexOf("/"));
  return colon < 0
    ? { repository: name, tag: "latest" }
    : { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}
