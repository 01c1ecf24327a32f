import { scaledClock } from "../../provider/clock.ts";
import { cacheRoot } from "../cacheRoot.ts";
import { buildImage } from "../container/buildImage.ts";
import { startContainer } from "../container/startContainer.ts";
import { gcpProvider } from "../providers/gcp/index.ts";
import { tokens } from "../providers/gcp/shared.ts";
import { type ServedProviders, serveProviders } from "../providers/serveProviders.ts";
import { World } from "../providers/world.ts";
import type { StackResource } from "../stories/play.ts";
import { cloudTimes, startReserveSeconds } from "./cloudTimes.ts";
import type { DataPlane, EmulatedCloud, EmulatedCloudArgs } from "./emulatedCloud.ts";
import { Faults } from "./faults.ts";
import { startGcpApi } from "./gcpApi/startGcpApi.ts";
import { GoogleByHand } from "./googleByHand.ts";
import { Journal, type Recorded } from "./journal.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { Registry } from "./registry.ts";
import { CloudRun } from "./run/cloudRun.ts";
import { tellReleases } from "./run/releaseCourse.ts";
import { madeUpSecret, madeUpValue } from "./secretStore.ts";

/**
 * Cloud seconds for which clients keep a long request open. Cloud Run lets one go on until its own time-out, whoever
 * has the traffic by then; so long is long enough to be in flight across a shift.
 */
const longSeconds = 30;

/** A project of Google Cloud: its control plane in this process, its data plane in others. */
export class GoogleCloud implements EmulatedCloud {
  readonly journal: Journal;
  readonly faults: Faults;
  readonly byHand: GoogleByHand;
  readonly providerPorts: Record<string, number>;
  readonly configuration: Record<string, unknown>;
  readonly #run: CloudRun;
  readonly #world: World;
  readonly #closers: (() => Promise<void>)[];

  private constructor(parts: {
    journal: Journal;
    run: CloudRun;
    faults: Faults;
    world: World;
    providers: ServedProviders;
    /** Base of the APIs' URLs, without a trailing slash. */
    url: string;
    closers: (() => Promise<void>)[];
  }) {
    const { journal, run, world, providers, url } = parts;
    this.journal = journal;
    this.faults = parts.faults;
    this.#run = run;
    this.#world = world;
    this.#closers = parts.closers;
    this.byHand = new GoogleByHand({
      run,
      journal,
      services: () => world.list(tokens.service).map(({ id }) => id),
    });
    this.configuration = {
      "gcp:cloudRunV2CustomEndpoint": `${url}/v2/`,
      "gcp:monitoringCustomEndpoint": `${url}/`,
    };
    this.providerPorts = providers.ports;
  }

  static async start(args: EmulatedCloudArgs): Promise<GoogleCloud> {
    const { processes, seed, speed, epoch, place, signal, sabotage, onProgress } = args;
    const clock = scaledClock({ speed, epoch });
    const journal = new Journal(clock);
    tellReleases(journal);
    const registry = new Registry((image) => journal.record({ kind: "image", image }));
    const run = await CloudRun.start({
      processes,
      clock,
      speed,
      epoch,
      journal,
      seed,
      registry,
      startContainer: (spec) => startContainer(spec, { processes, clock }),
      secrets: madeUpValue,
      limits: {
        startSeconds: startReserveSeconds * speed,
        idleSeconds: cloudTimes.idleInstanceSeconds,
      },
      sabotage: { ...sabotage?.loadBalancer, ...sabotage?.run },
    });
    const world = new World({
      seed,
      region: place.region,
      account: place.account,
      services: {
        run,
        registry,
        buildImage: (build) =>
          buildImage({ ...build, processes, cacheDir: cacheRoot(), onProgress, signal }),
      },
    });
    const faults = new Faults({ clock, journal, seed });
    const monitoring = new Monitoring({
      clock,
      metrics: run.metrics,
      publicationLagSeconds: cloudTimes.monitoringLagSeconds,
    });
    const api = await startGcpApi({
      run,
      monitoring,
      intercept: faults.intercept,
      now: () => clock.now(),
    });
    const providers = await serveProviders({ gcp: gcpProvider }, world);
    const closers = [() => providers.close(), () => api.close(), () => run.close()];
    return new GoogleCloud({ journal, run, faults, world, providers, url: api.url, closers });
  }

  get dataPlane(): DataPlane {
    return this.#run;
  }

  inventory(): string[] {
    return this.#world.inventory();
  }

  secrets(): (string | RegExp)[] {
    return [madeUpSecret];
  }

  drainSeconds(resources: readonly StackResource[]): number {
    return resources.some(({ type }) => type === tokens.service) ? longSeconds : 0;
  }

  isDraining(event: Recorded): boolean {
    return event.kind === "release" && event.moment === "bake";
  }

  async close(): Promise<void> {
    this.journal.close();
    for (const close of this.#closers) await close();
  }
}
