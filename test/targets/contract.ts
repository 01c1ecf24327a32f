import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { BuiltImage, ServiceSettings, Settings } from "../../settings.ts";
import type { Target } from "../../targets/target.ts";
import { only, promiseOf, type Recording, record } from "../support/mocks.ts";
import { service } from "../support/settings.ts";
import { packagesLoadedBy } from "./support/packagesLoadedBy.ts";

/** What a target's own test says of it; everything else every target has to keep. */
export interface TargetUnderTest {
  /** As in `symphainy:target`. */
  name: Settings["target"];
  settings: (...services: ServiceSettings[]) => Settings;
  /** Types that have no tags (or labels), although their provider offers none to forget. */
  untaggable: readonly string[];
  /** Package of the cloud that this target is in. */
  ownCloud: string;
  /** Packages of clouds that this target has nothing to do with. */
  otherClouds: RegExp;
  /** What the cloud itself tells a container, so that the target must not. @default nothing */
  toldByCloud?: readonly string[];
  /** Whether alarms undo a release. @default true; else only the figures of its traffic do */
  watchesAlarms?: boolean;
  /** Whether the services share one host, apart by their paths. @default true */
  sharesHost?: boolean;
}

const promotion = "rollout:index:Promotion";
const image = "docker:index/image:Image";
const root = join(import.meta.dirname, "../..");
const platform = join(root, "platform");
const built: BuiltImage = {
  kind: "build",
  context: platform,
  dockerfile: join(platform, "Dockerfile"),
  root,
  buildArgs: {},
};

/** The promises that every target makes, whatever runs underneath. */
export function keepsTheContract({
  name,
  settings,
  untaggable,
  ownCloud,
  otherClouds,
  toldByCloud = [],
  watchesAlarms = true,
  sharesHost = true,
}: TargetUnderTest) {
  describe(`the target ${name}`, () => {
    const run = (...services: ServiceSettings[]): Promise<Recording<Target>> =>
      record(async () => {
        const { createTarget } = await import("../../targets/index.ts");
        return createTarget("symphainy", settings(...services));
      });

    it("says where it is, and what is live", async () => {
      const { result } = await run(service());
      expect(await promiseOf(result.url)).to.match(/^https?:\/\/[^/]+$/);
      expect(Object.keys(result.services)).to.deep.equal(["platform"]);
      const { platform } = result.services;
      expect(platform && (await promiseOf(platform.url))).to.equal(await promiseOf(result.url));
      expect(platform && (await promiseOf(platform.release))).to.match(/^[0-9a-f]{8,}$/);
      expect(platform && (await promiseOf(platform.image))).to.match(/@sha256:[0-9a-f]{64}$/);
      expect(platform && (await promiseOf(platform.revision))).to.equal("platform:1");
      expect(platform && (await promiseOf(platform.since))).to.equal("2026-01-01T00:00:00Z");
    });

    it("promotes the release that it names, by the settings' own numbers", async () => {
      const { resources, result } = await run(service());
      const { inputs } = only({ resources }, promotion);
      const release =
        result.services.platform && (await promiseOf(result.services.platform.release));
      expect(inputs).to.deep.include({ service: "platform", release });
      expect(inputs.gate).to.deep.include({
        thresholdPercent: 80,
        consecutivePasses: 3,
        intervalSeconds: 5,
        timeoutSeconds: 5,
        deadlineMinutes: 5,
      });
      expect(inputs.bake).to.deep.include({ minutes: 10 });
      // Whether or not an alarm on the latency fires in time.
      expect(inputs).to.have.deep.nested.property("bake.analysis.objective", {
        p95Seconds: 2,
        minutes: 2,
      });
      const { alarms } = inputs.bake as { alarms: unknown[] };
      expect(alarms.length > 0).to.equal(watchesAlarms);
    });

    it("gives the platform what it reports and lives by", async () => {
      const { resources, result } = await run(service());
      const release =
        result.services.platform && (await promiseOf(result.services.platform.release));
      const told = environmentOf(resources);
      const expected = {
        RELEASE_ID: release,
        PORT: "8000",
        HEALTH_THRESHOLD_PERCENT: "80",
        KEEP_ALIVE_SECONDS: "75",
        DRAIN_SECONDS: "20",
        LOG_LEVEL: "INFO",
      };
      const own = Object.entries(expected).filter(([name]) => !toldByCloud.includes(name));
      expect(told).to.include(Object.fromEntries(own));
      expect(told).not.to.have.any.keys("", ...toldByCloud);
    });

    it("makes another release of another environment, and no other image", async () => {
      const [one, two] = [
        await run(service({ image: built })),
        await run(service({ image: built, env: { LOG_LEVEL: "DEBUG" } })),
      ];
      const releases = [one, two].map((run) => only(run, promotion).inputs.release);
      expect(releases[0]).not.to.equal(releases[1]);
      const names = [one, two].map((run) => only(run, image).inputs.imageName);
      expect(names[0]).to.equal(names[1]);
    });

    it("builds from the context and runs what the registry answered", async () => {
      const { resources, result } = await run(service({ image: built }));
      const { inputs } = only({ resources }, image);
      expect(inputs.build).to.include({ context: "platform", dockerfile: "platform/Dockerfile" });
      expect(inputs.imageName).to.match(/:[0-9a-f]{12}-0badcafe$/);
      const reference =
        result.services.platform && (await promiseOf(result.services.platform.image));
      expect(reference).to.match(/\/platform@sha256:a{64}$/);
      expect(JSON.stringify(resources.map(({ inputs }) => inputs))).to.include(reference);
    });

    it("builds nothing anew because the project is checked out somewhere else", async () => {
      const elsewhere = await mkdtemp(join(tmpdir(), "checkout-"));
      try {
        const context = join(elsewhere, "platform");
        await cp(platform, context, { recursive: true });
        const dockerfile = join(context, "Dockerfile");
        const here = await run(service({ image: built }));
        const there = await run(
          service({ image: { ...built, context, dockerfile, root: elsewhere } }),
        );
        expect(only(there, image).inputs).to.deep.equal(only(here, image).inputs);
      } finally {
        await rm(elsewhere, { recursive: true });
      }
    });

    it("keeps what is secret, secret", async () => {
      const { resources } = await run(service({ image: built }));
      const holders = resources.flatMap(({ type, name, inputs, secrets }) =>
        secretsIn(inputs).map((path) => ({ type, name, path, secrets })),
      );
      expect(holders).not.to.deep.equal([]);
      for (const { type, name, path, secrets } of holders) {
        const covered = secrets.some((secret) => isWithin(path, secret));
        expect(covered, `${path} of ${type} ${name} among ${secrets}`).to.equal(true);
      }
    });

    it("neither builds nor looks up anything for an image that exists", async () => {
      const { resources, invokes } = await run(service());
      expect(resources.map(({ type }) => type)).not.to.include(image);
      // The engine answers for the state by itself.
      const lookUps = invokes.filter(({ token }) => !token.startsWith("pulumi:pulumi:"));
      expect(lookUps).to.deep.equal([]);
    });

    it("releases every service on its own", async () => {
      const { resources, result } = await run(
        service(),
        service({ name: "reports", path: "/reports" }),
      );
      const services = resources
        .filter(({ type }) => type === promotion)
        .map(({ inputs }) => inputs.service);
      expect(services).to.have.members(["platform", "reports"]);
      const reports = result.services.reports && (await promiseOf(result.services.reports.url));
      expect(reports).to.match(/^https?:\/\/[^/]+\/reports$/);
      const url = await promiseOf(result.url);
      expect(reports?.startsWith(`${url}/`)).to.equal(sharesHost);
      expect(only({ resources }, promotion, "reports").inputs.proof).to.include({
        url: `${reports}/health`,
      });
    });

    it("has a parent for everything but itself", async () => {
      const { resources } = await run(service({ image: built }));
      const roots = resources.filter(({ parent }) => parent === undefined);
      expect(roots.map(({ name }) => name)).to.deep.equal(["symphainy"]);
    });

    it("tags everything that takes tags", async () => {
      const { resources } = await run(service({ image: built }));
      const bare = resources
        .filter(({ type }) => !type.startsWith("symphainy:") && !untaggable.includes(type))
        .filter(({ inputs }) => !JSON.stringify(tagsOf(inputs) ?? "").includes("4711"));
      expect(bare.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([]);
    });

    it("loads nothing of another cloud", async () => {
      const loaded = await packagesLoadedBy(name);
      expect(loaded).to.include(ownCloud);
      expect(loaded.filter((one) => otherClouds.test(one))).to.deep.equal([]);
    });
  });
}

/** The one list of environment variables in all inputs, wherever a cloud keeps it. */
function environmentOf(resources: { inputs: object }[]): Record<string, string> {
  const text = JSON.stringify(resources.map(({ inputs }) => inputs)).replaceAll('\\"', '"');
  const pairs = text.matchAll(/\{"name":"([A-Z_]+)","value":"([^"]*)"\}/g);
  return Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, value]));
}

/** Tags on AWS, labels on Google Cloud. */
function tagsOf({ tags, labels, userLabels }: { [key: string]: unknown }): unknown {
  return tags ?? labels ?? userLabels;
}

function isWithin(path: string, whole: string): boolean {
  return path.startsWith(whole) && ["", ".", "["].includes(path.charAt(whole.length));
}

/** Paths of inputs that hold what only its owner may know; both values are the mocks'. */
function secretsIn(inputs: unknown, path = ""): string[] {
  if (typeof inputs === "string") {
    return /test-header-secret|registry-password/.test(inputs) ? [path] : [];
  }
  if (typeof inputs !== "object" || inputs === null) return [];
  return Object.entries(inputs).flatMap(([key, value]) => {
    const at = Array.isArray(inputs) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    return secretsIn(value, at);
  });
}
