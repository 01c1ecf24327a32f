import { scaledClock } from "../../provider/clock.ts";
import { cacheRoot } from "../cacheRoot.ts";
import { buildImage } from "../container/buildImage.ts";
import type { Container, ContainerSpec } from "../container/container.ts";
import { startContainer } from "../container/startContainer.ts";
import { awsProvider } from "../providers/aws/index.ts";
import { reaches } from "../providers/aws/reaches.ts";
import { tokens } from "../providers/aws/shared.ts";
import { type ServedProviders, serveProviders } from "../providers/serveProviders.ts";
import { text } from "../providers/values.ts";
import { World } from "../providers/world.ts";
import type { StackResource } from "../stories/play.ts";
import type { ServedApi } from "./api/serveOnLoopback.ts";
import { startCloudApi } from "./api/startCloudApi.ts";
import { AwsByHand } from "./awsByHand.ts";
import { cloudTimes, startReserveSeconds } from "./cloudTimes.ts";
import { CloudWatch } from "./cloudwatch/cloudWatch.ts";
import { AutoScaling } from "./ec2/autoScaling.ts";
import { Ecs } from "./ecs/ecs.ts";
import { seededIds } from "./ecs/seededIds.ts";
import { LoadBalancing } from "./elb/loadBalancing.ts";
import type { DataPlane, EmulatedCloud, EmulatedCloudArgs } from "./emulatedCloud.ts";
import { Faults } from "./faults.ts";
import { Journal, type Recorded } from "./journal.ts";
import { Registry } from "./registry.ts";
import { madeUpSecret, madeUpValue } from "./secretStore.ts";

export interface AwsCloudArgs extends EmulatedCloudArgs {
  /** What starts a task's container. @default a real process of its image */
  startContainer?: (spec: ContainerSpec) => Promise<Container>;
}

/** An account of AWS: its control plane in this process, its data plane in others. */
export class AwsCloud implements EmulatedCloud {
  readonly journal: Journal;
  readonly loadBalancing: LoadBalancing;
  readonly ecs: Ecs;
  readonly faults: Faults;
  readonly byHand: AwsByHand;
  readonly providerPorts: Record<string, number>;
  readonly configuration: Record<string, unknown>;
  readonly #world: World;
  readonly #closers: (() => Promise<void>)[];

  private constructor(parts: {
    journal: Journal;
    loadBalancing: LoadBalancing;
    ecs: Ecs;
    faults: Faults;
    byHand: AwsByHand;
    world: World;
    providers: ServedProviders;
    api: ServedApi;
    closers: (() => Promise<void>)[];
  }) {
    const { world, providers, api, closers } = parts;
    this.journal = parts.journal;
    this.loadBalancing = parts.loadBalancing;
    this.ecs = parts.ecs;
    this.faults = parts.faults;
    this.byHand = parts.byHand;
    this.#world = world;
    this.#closers = closers;
    const endpoints = { ecs: api.url, elbv2: api.url, cloudwatch: api.url };
    this.configuration = { "aws:endpoints": [endpoints] };
    this.providerPorts = providers.ports;
  }

  static async start(args: AwsCloudArgs): Promise<AwsCloud> {
    const { processes, seed, speed, epoch, place, signal, sabotage, onProgress } = args;
    const { region } = place;
    const account = "123456789012";
    const clock = scaledClock({ speed, epoch });
    const journal = new Journal(clock);
    const registry = new Registry((image) => journal.record({ kind: "image", image }));
    const ids = seededIds(seed);
    const loadBalancing = await LoadBalancing.start({
      processes,
      clock,
      speed,
      epoch,
      journal,
      seed,
      region,
      account,
      sabotage: sabotage?.loadBalancer,
    });
    const world: World = new World({
      seed,
      region,
      account,
      services: {
        loadBalancing,
        registry,
        buildImage: (build) =>
          buildImage({ ...build, processes, cacheDir: cacheRoot(), onProgress, signal }),
      },
    });
    const subnets = (id: string) => world.subnet(id);
    const { bootSeconds, publicationLagSeconds } = cloudTimes;
    const autoScaling = new AutoScaling({
      clock,
      journal,
      ids,
      subnets,
      bootSeconds,
      region,
      account,
    });
    const ecs = new Ecs({
      clock,
      journal,
      speed,
      registry,
      loadBalancing,
      autoScaling,
      subnets,
      namespaces: (arn) =>
        world.list(tokens.httpNamespace).some(({ outputs }) => outputs.arn === arn),
      reaches: (reach) => reaches(world, reach),
      ids,
      region,
      account,
      startContainer: args.startContainer ?? ((spec) => startContainer(spec, { processes, clock })),
      limits: { startSeconds: startReserveSeconds * speed },
      sabotage: sabotage?.ecs,
      firstFailureEndsAs: args.firstFailureEndsAs,
      secrets: madeUpValue,
    });
    const cloudwatch = new CloudWatch({
      clock,
      journal,
      metrics: loadBalancing.metrics,
      publicationLagSeconds,
    });
    world.provide({ autoScaling, ecs, cloudwatch });
    const faults = new Faults({ clock, journal, seed });
    const api = await startCloudApi({
      ecs,
      loadBalancing,
      cloudwatch,
      intercept: faults.intercept,
      now: () => clock.now(),
    });
    const byHand = new AwsByHand({
      ecs,
      autoScaling,
      loadBalancing,
      journal,
      services: () => servicesIn(world),
    });
    const providers = await serveProviders({ aws: awsProvider }, world);
    const closers = [
      () => providers.close(),
      () => api.close(),
      () => ecs.close(),
      async () => autoScaling.close(),
      async () => cloudwatch.close(),
      () => loadBalancing.close(),
    ];
    return new AwsCloud({
      journal,
      loadBalancing,
      ecs,
      faults,
      byHand,
      world,
      providers,
      api,
      closers,
    });
  }

  get dataPlane(): DataPlane {
    return this.loadBalancing;
  }

  inventory(): string[] {
    return this.#world.inventory();
  }

  /** The values by which test rules are reached, and whatever was made up. */
  secrets(): (string | RegExp)[] {
    const passwords = this.#world.list("random:index/randomPassword:RandomPassword");
    const results = passwords.map(({ outputs }) => outputs.result);
    return [madeUpSecret, ...results.filter((it) => typeof it === "string")];
  }

  /** The deregistration delay; 0 while there is no target group. */
  drainSeconds(resources: readonly StackResource[]): number {
    const group = resources.find(({ type }) => type === tokens.targetGroup);
    return Number(group?.inputs?.deregistrationDelay ?? 0);
  }

  isDraining(event: Recorded): boolean {
    return event.kind === "target" && event.state === "draining";
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
  }
}

function servicesIn(world: World): { cluster: string; service: string }[] {
  return world
    .list("aws:ecs/service:Service")
    .map(({ id, inputs }) => ({ cluster: text(inputs.cluster) ?? "", service: id }));
}
