import * as gcp from "@pulumi/gcp";
import { expect } from "chai";
import { RunService } from "../../../../components/gcp/runService.ts";
import type { RunServiceSpec } from "../../../../components/gcp/runServiceArgs.ts";
import { openCloud, type TestCloud } from "../cloud.ts";
import { FakeRun } from "./fakeRun.ts";

const name = "app-stack-web";
const id = `projects/123456789012/locations/europe-west1/services/${name}`;
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";

function service(args: Partial<gcp.cloudrunv2.ServiceArgs> = {}, image = "registry/app@sha256:1") {
  return async () => {
    const made = new gcp.cloudrunv2.Service("web", {
      name,
      location: "europe-west1",
      deletionProtection: false,
      template: {
        labels: { release: "r1" },
        containers: [
          { image, ports: { containerPort: 8000 }, envs: [{ name: "LOG_LEVEL", value: "INFO" }] },
        ],
      },
      traffics: [{ type: latest, percent: 100, tag: "candidate" }],
      ...args,
    });
    return { uri: made.uri, tagged: made.trafficStatuses.apply(([first]) => first?.uri) };
  };
}

const spec: Omit<RunServiceSpec, "serviceAccount"> = {
  serviceName: name,
  project: "123456789012",
  location: "europe-west1",
  release: "r1",
  image: "registry/app@sha256:1",
  port: 8000,
  cpu: 1024,
  memory: 512,
  environment: {},
  secrets: {},
  probes: {
    path: "/health",
    startup: { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    liveness: { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    readiness: { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3, successThreshold: 1 },
  },
  instances: { min: 1, max: 2 },
  concurrency: 80,
  cpuAlwaysAllocated: false,
  cpuBoost: true,
  sessionAffinity: false,
  requestTimeoutSeconds: 300,
  ingress: "all",
  deletionProtection: false,
  labels: {},
};

describe("a service of Cloud Run through the engine", () => {
  let cloud: TestCloud;
  let run: FakeRun;
  beforeEach(async () => {
    run = new FakeRun();
    cloud = await openCloud({ run: run.run });
  });
  afterEach(async () => {
    await cloud?.close();
  });

  it("is sent as the API has it, and tells its URLs; nothing changes the second time", async () => {
    const ended = await cloud.up(service());
    expect(ended.error).to.equal("");
    expect(ended.outputs.uri?.value).to.equal("http://127.0.0.1:1");
    expect(ended.outputs.tagged?.value).to.equal("http://127.0.0.1:2");
    expect(run.services.get(id)).to.deep.include({
      template: {
        labels: { release: "r1" },
        containers: [
          {
            image: "registry/app@sha256:1",
            ports: [{ containerPort: 8000 }],
            env: [{ name: "LOG_LEVEL", value: "INFO" }],
          },
        ],
      },
      traffic: [{ type: latest, percent: 100, tag: "candidate" }],
    });
    expect((await cloud.preview(service())).steps).to.deep.equal(["same web"]);
  });

  it("is updated as a whole, with the annotations that were there when it was read last", async () => {
    await cloud.up(service());
    const there = run.services.get(id);
    if (there) run.services.set(id, { ...there, annotations: { "somebody.dev/else": "1" } });
    await cloud.refresh();
    if (there) run.services.set(id, { ...there, annotations: { "somebody.dev/later": "2" } });
    const ended = await cloud.up(service({}, "registry/app@sha256:2"));
    expect(ended.error).to.equal("");
    const [body] = run.updates;
    expect(body?.traffic).to.deep.equal([{ type: latest, percent: 100, tag: "candidate" }]);
    expect(body?.annotations).to.deep.equal({ "somebody.dev/else": "1" });
  });

  it("stays in the state when its revision does not start, and is tried again by the next up", async () => {
    run.fault = "Revision 'r-1' is not ready and cannot serve traffic.";
    const failed = await cloud.up(service());
    expect(failed.error).to.include("Error waiting to create Service").and.include(run.fault);
    const [state] = (await cloud.resources()).filter(({ type }) => type.startsWith("gcp:"));
    expect(state?.initErrors).to.have.length(1);
    run.fault = undefined;
    expect((await cloud.up(service())).steps).to.deep.equal(["update web"]);
  });

  it("knows nothing of itself when its revision does not start, and can be previewed all the same", async () => {
    const released = async () => {
      const account = new gcp.serviceaccount.Account("web", { accountId: "app-web-account" });
      const { candidateUri, uri } = new RunService("web", {
        ...spec,
        serviceAccount: account.email,
        traffic: { traffics: [{ type: latest, percent: 100, tag: "candidate" }], ignored: false },
      });
      return { uri, candidateUri };
    };
    run.fault = "Revision 'r-1' is not ready and cannot serve traffic.";
    expect((await cloud.up(released)).error).to.include(run.fault);
    const made = (await cloud.resources()).find(({ type }) => type.endsWith(":Service"));
    expect(made?.outputs?.uri ?? null).to.equal(null);
    run.fault = undefined;
    const previewed = await cloud.preview(released);
    expect(previewed.error).to.equal("");
    const { outputs, error } = await cloud.up(released);
    expect(error).to.equal("");
    expect(outputs.candidateUri?.value).to.equal("http://127.0.0.1:2");
  });

  it("tells of what is there when an update fails, and is tried again by the next up", async () => {
    await cloud.up(service());
    run.fault = "Revision 'r-2' is not ready and cannot serve traffic.";
    const failed = await cloud.up(service({}, "registry/app@sha256:2"));
    expect(failed.error).to.include(run.fault);
    const [state] = (await cloud.resources()).filter(({ type }) => type.startsWith("gcp:"));
    expect(JSON.stringify(state?.outputs)).to.include("sha256:2");
    run.fault = undefined;
    expect((await cloud.up(service({}, "registry/app@sha256:2"))).steps).to.deep.equal([
      "update web",
    ]);
  });

  it("is replaced by another place or name", async () => {
    await cloud.up(service());
    const previewed = await cloud.preview(service({ location: "europe-west3" }));
    expect(previewed.diffs.web).to.deep.equal(["location"]);
    expect(previewed.steps).to.include("create-replacement web");
  });

  it("shows in a refresh whom somebody else leads the traffic to", async () => {
    await cloud.up(service());
    const there = run.services.get(id);
    const traffic = [
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision: "r-1", percent: 100 },
    ];
    if (there) run.services.set(id, { ...there, traffic });
    await cloud.refresh();
    expect((await cloud.preview(service())).steps).to.deep.equal(["update web"]);
  });

  it("is not deleted while it is protected", async () => {
    await cloud.up(service({ deletionProtection: true }));
    expect((await cloud.destroy()).error).to.match(/deletion_protection=false/);
    await cloud.up(service());
    expect(run.updates).to.deep.equal([]);
    expect((await cloud.destroy()).error).to.equal("");
    expect(cloud.world.inventory()).to.deep.equal([]);
  });
});
