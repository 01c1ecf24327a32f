import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scaledClock } from "../../../../provider/clock.ts";
import { releaseLabel, releaseVariable } from "../../../../provider/messages.ts";
import { Journal } from "../../../../rehearsal/cloud/journal.ts";
import { Registry } from "../../../../rehearsal/cloud/registry.ts";
import { CloudRun, type CloudRunArgs } from "../../../../rehearsal/cloud/run/cloudRun.ts";
import type {
  Operation,
  RevisionTemplate,
  RunContainer,
  ServiceInput,
  TrafficTarget,
} from "../../../../rehearsal/cloud/run/resources.ts";
import { startContainer } from "../../../../rehearsal/container/startContainer.ts";
import { openProcesses } from "../../../../rehearsal/processes/supervisor.ts";
import { anImage } from "../../ecs/support/world.ts";
import { InstanceServers } from "./instanceServers.ts";

export const parent = "projects/trial/locations/europe-west1";
export const serviceId = "platform";
export const name = `${parent}/services/${serviceId}`;
export const toLatest: TrafficTarget = {
  type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST",
  percent: 100,
  tag: "candidate",
};
export const speed = 60;

export interface Made {
  release: string;
  min?: number;
  max?: number;
  concurrency?: number;
  traffic?: TrafficTarget[];
  container?: Partial<RunContainer>;
  template?: Partial<RevisionTemplate>;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export interface WorldOptions extends Partial<CloudRunArgs> {
  /** A Node program that each instance runs in a process of its own. @default instances are servers of this process */
  server?: string;
}

/** A project with Cloud Run only, behind a real front end. */
export async function openWorld({ server, ...options }: WorldOptions = {}) {
  const runDir = await mkdtemp(join(tmpdir(), "run-test-"));
  const processes = await openProcesses({ runDir });
  const epoch = Date.now();
  const clock = scaledClock({ speed, epoch });
  const journal = new Journal(clock);
  const registry = new Registry();
  const real = { root: "/", workdir: "/", cmd: [process.execPath, "-e", server ?? ""], env: {} };
  const image = registry.push("europe-west1-docker.pkg.dev/trial/app/platform", "one", {
    ...anImage(),
    ...(server === undefined ? {} : real),
  });
  const servers = new InstanceServers();
  const run = await CloudRun.start({
    processes,
    clock,
    speed,
    epoch,
    journal,
    seed: 1,
    registry,
    startContainer:
      server === undefined ? servers.start : (spec) => startContainer(spec, { processes, clock }),
    limits: { startSeconds: 2 * speed },
    ...options,
  });

  function service({ release, min = 0, max = 10, concurrency = 80, ...made }: Made): ServiceInput {
    const { traffic = [toLatest], container = {}, template = {} } = made;
    return {
      template: {
        labels: { [releaseLabel]: release },
        scaling: { minInstanceCount: min, maxInstanceCount: max },
        maxInstanceRequestConcurrency: concurrency,
        containers: [
          {
            image,
            env: [{ name: releaseVariable, value: release }],
            startupProbe: { httpGet: { path: "/ready" }, periodSeconds: 5, failureThreshold: 6 },
            ...container,
          },
        ],
        ...template,
      },
      traffic,
    };
  }

  const done = ({ name: operation }: Operation) => run.waitOperation({ name: operation });
  const create = async (made: Made) =>
    done(await run.createService({ parent, serviceId, service: service(made) }));
  const update = async (made: Made) =>
    done(await run.updateService({ service: { ...service(made), name } }));
  const setTraffic = async (traffic: TrafficTarget[], etag?: string) =>
    done(await run.updateService({ service: { name, traffic, etag }, updateMask: "traffic" }));
  const present = () => run.getService({ name });
  /** Short name of the newest revision that became ready. */
  const latest = async () => (await present()).latestReadyRevision?.split("/").at(-1) ?? "";
  const candidateUrl = async () =>
    (await present()).trafficStatuses?.find(({ tag }) => tag === "candidate")?.uri ?? "";
  const statuses = (release: string) =>
    journal.events.flatMap((event) =>
      event.kind === "task" && event.release === release ? [event.status] : [],
    );

  return {
    run,
    journal,
    registry,
    servers,
    image,
    clock,
    processes,
    service,
    create,
    update,
    setTraffic,
    present,
    latest,
    candidateUrl,
    statuses,
    async close() {
      await run.close();
      await processes.close();
      await rm(runDir, { recursive: true, force: true });
    },
  };
}

/** Live keeps all traffic, the newest revision has none but its tag. */
export function pinned(revision: string, percent = 100): TrafficTarget[] {
  return [
    { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision, percent },
    { ...toLatest, percent: 100 - percent },
  ];
}
