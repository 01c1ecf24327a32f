import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { Service } from "../../rehearsal/cloud/run/resources.ts";
import type { CloudRunSettings, ServiceSettings } from "../../settings.ts";
import { createTarget } from "../../targets/index.ts";
import { openCloud, type TestCloud } from "../rehearsal/providers/cloud.ts";
import { FakeRun } from "../rehearsal/providers/gcp/fakeRun.ts";
import { cloudRunService, cloudRunSettings } from "../support/settings.ts";

const id = "projects/my-project/locations/europe-west1/services/symphainy-test-platform";
const serviceType = "gcp:cloudrunv2/service:Service";
const manifestType = "gcp:storage/bucketObject:BucketObject";
const root = join(import.meta.dirname, "../..");
const repository =
  "projects/my-project/locations/europe-west1/connections/github/repositories/platform";

describe("delivery by Cloud Deploy, on the real engine and the emulated provider", function () {
  this.timeout(120_000);
  let cloud: TestCloud;
  let run: FakeRun;
  let context: string;
  /** Settings of the next operation. */
  let own: Partial<ServiceSettings> = {};
  let shared: Partial<CloudRunSettings> = {};

  before(() => {
    context = mkdtempSync(join(tmpdir(), "context-"));
  });
  after(() => rmSync(context, { recursive: true }));
  beforeEach(async () => {
    run = new FakeRun();
    cloud = await openCloud({ run: run.run });
    writeFileSync(join(context, "Dockerfile"), "FROM python:3.12-slim\n");
    const dockerfile = join(context, "Dockerfile");
    own = { image: { kind: "build", context, dockerfile, root, buildArgs: {} } };
    shared = {
      delivery: "cloudDeploy",
      cloudDeploy: { ...cloudRunSettings().cloudDeploy, repository },
    };
  });
  afterEach(async () => {
    await cloud?.close();
  });

  const program = async () => {
    const settings = { ...cloudRunSettings(cloudRunService(own)), ...shared };
    const target = await createTarget("symphainy", settings);
    return { services: pulumi.output(target.services) };
  };
  const up = async () => {
    const ended = await cloud.up(program);
    expect(ended.error).to.equal("");
    return ended;
  };
  const unchanged = async () => {
    const { steps, error } = await cloud.preview(program);
    expect(error).to.equal("");
    expect(steps.filter((step) => !step.startsWith("same "))).to.deep.equal([]);
  };
  const there = (): Service => {
    const service = run.services.get(id);
    if (!service) throw new Error(`there is no ${id}, but ${[...run.services.keys()].join(", ")}`);
    return service;
  };
  const variablesIn = ({ template }: Pick<Service, "template">) =>
    Object.fromEntries(
      (template?.containers?.[0]?.env ?? []).map(({ name, value }) => [name, value]),
    );
  const manifest = () => String(cloud.world.list(manifestType)[0]?.inputs.content);

  /** What Cloud Deploy does to a service: its own image, its own variables, its own traffic, its own name on it. */
  const release = (): Service => {
    const service = there();
    const [container] = service.template?.containers ?? [];
    const image = `registry.example/platform@sha256:${"d".repeat(64)}`;
    const released = {
      ...service,
      client: "cloud-deploy",
      template: { ...service.template, containers: [{ ...container, image }] },
      traffic: [
        {
          type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION" as const,
          revision: "r-2",
          percent: 100,
          tag: "candidate",
        },
      ],
      latestReadyRevision: `${id}/revisions/r-2`,
    };
    run.services.set(id, released);
    return released;
  };

  it("makes the service once; what the settings say later goes into the manifest alone", async () => {
    const { outputs } = await up();
    const url = "http://127.0.0.1:1";
    expect(outputs.services?.value).to.deep.equal({ platform: { url } });
    expect(there().traffic).to.deep.equal([
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100, tag: "candidate" },
    ]);

    const released = release();
    writeFileSync(join(context, "Dockerfile"), "FROM python:3.13-slim\n");
    own = { ...own, env: { COLOUR: "green" }, memory: 1024 };
    shared = { ...shared, tags: { "cost-centre": "4712" } };
    const { steps } = await up();
    expect(steps).not.to.include("create platform");
    expect(run.updates).to.deep.equal([]);
    expect(there()).to.equal(released);
    expect(manifest()).to.include("green").and.include("1024Mi").and.include("4712");
    await unchanged();
  });

  it("leaves it alone, too, when the state knows what Cloud Deploy has done", async () => {
    await up();
    const released = release();
    expect((await cloud.refresh()).error).to.equal("");
    own = { ...own, env: { COLOUR: "green" } };
    await up();
    await unchanged();
    expect(run.updates).to.deep.equal([]);
    expect(there()).to.equal(released);
  });

  it("builds the first image alone, and forgets that it did; nothing else changes the second time", async () => {
    const first = await up();
    expect(first.steps.filter((step) => step === "create platform")).not.to.deep.equal([]);
    const [image] = cloud.world.list("docker:index/image:Image");
    expect(there().template?.containers?.[0]?.image).to.equal(image?.outputs.repoDigest);
    const second = await up();
    const changes = second.steps.filter((step) => !step.startsWith("same "));
    expect(new Set(changes)).to.deep.equal(new Set(["delete platform"]));
    expect(cloud.world.list("docker:index/image:Image")).to.deep.equal([]);
    const types = (await cloud.resources()).map(({ type }) => type);
    expect(types).not.to.include("docker:index/image:Image");
    expect(types).to.include("gcp:artifactregistry/repository:Repository");
    await unchanged();
  });

  it("makes a service anew whose first revision has not become ready", async () => {
    run.fault = "Revision 'r-1' is not ready and cannot serve traffic.";
    expect((await cloud.up(program)).error).to.include(run.fault);
    run.fault = undefined;
    own = { ...own, env: { COLOUR: "green" } };
    await up();
    expect(run.updates).to.have.length(1);
    expect(variablesIn(there())).to.include({ COLOUR: "green" });
    own = { ...own, env: { COLOUR: "red" } };
    await up();
    expect(run.updates).to.have.length(1);
  });

  it("is protected by Pulumi itself, which can be changed later", async () => {
    const { cloudRun } = cloudRunSettings();
    shared = { ...shared, cloudRun: { ...cloudRun, deletionProtection: true } };
    await up();
    expect((await cloud.destroy()).error).to.include("protected");
    shared = { ...shared, cloudRun };
    await up();
    expect(run.updates).to.deep.equal([]);
    expect((await cloud.destroy()).error).to.equal("");
    expect(cloud.world.inventory()).to.deep.equal([]);
    const types = (await cloud.resources()).map(({ type }) => type);
    expect(types).not.to.include(serviceType);
  });
});
