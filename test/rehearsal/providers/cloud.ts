import { Registry } from "../../../rehearsal/cloud/registry.ts";
import type { Image } from "../../../rehearsal/container/image.ts";
import { awsProvider } from "../../../rehearsal/providers/aws/index.ts";
import { dockerProvider } from "../../../rehearsal/providers/docker.ts";
import { gcpProvider } from "../../../rehearsal/providers/gcp/index.ts";
import type { Operation } from "../../../rehearsal/providers/providerKind.ts";
import { randomProvider } from "../../../rehearsal/providers/random.ts";
import { serveProvider } from "../../../rehearsal/providers/serveProvider.ts";
import type { Services } from "../../../rehearsal/providers/services.ts";
import { World } from "../../../rehearsal/providers/world.ts";
import { openStack, type TestStack } from "./engine.ts";

/** An empty world with all providers, and a stack on the real engine that is attached to them. */
export interface TestCloud extends TestStack {
  world: World;
  /** What fails, and how; nothing by default. */
  fault: (operation: Operation) => void;
}

export async function openCloud(services: Partial<Services> = {}): Promise<TestCloud> {
  const world = new World({
    seed: 7,
    region: "eu-central-1",
    services: { registry: new Registry(), buildImage: fakeBuild, ...services },
  });
  const onOperation = (operation: Operation) => cloud.fault(operation);
  const [aws, gcp, docker, random] = await Promise.all(
    [awsProvider, gcpProvider, dockerProvider, randomProvider].map((kind) =>
      serveProvider({ ...kind, world, onOperation }),
    ),
  );
  if (!aws || !gcp || !docker || !random) throw new Error("four kinds make four providers");
  const closeProviders = () =>
    Promise.all([aws, gcp, docker, random].map((provider) => provider.close()));
  const stack = await openStack({ aws, gcp, docker, random }).catch(async (error: unknown) => {
    await closeProviders();
    throw error;
  });
  const cloud: TestCloud = {
    ...stack,
    world,
    fault: () => {},
    close: async () => {
      await stack.close();
      await closeProviders();
    },
  };
  return cloud;
}

/** The service `platform` of the cluster `main`, for what belongs to one. */
export function addService({ world }: Pick<TestCloud, "world">): void {
  world.add({
    type: { token: "aws:ecs/service:Service" },
    id: "arn:aws:ecs:eu-central-1:123456789012:service/main/platform",
    urn: "",
    name: "platform",
    inputs: {},
    outputs: {},
  });
}

/** An image that is nothing but its build's arguments. */
async function fakeBuild(build: { context: string }): Promise<Image> {
  const digest = `sha256:${Buffer.from(build.context).toString("hex").padEnd(64, "0").slice(0, 64)}`;
  return {
    digest,
    root: build.context,
    env: {},
    workdir: "/",
    entrypoint: [],
    cmd: [],
    stopSignal: "SIGTERM",
    user: "",
    exposedPorts: [],
    notRehearsed: [],
  };
}
