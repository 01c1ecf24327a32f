import { expect } from "chai";
import { CannotDo } from "../../operate/cannotDo.ts";
import { servicesInState } from "../../operate/serviceInState.ts";
import { promotionToken } from "../../provider/messages.ts";
import { serviceName } from "../provider/cloudRun/support/fakeRun.ts";
import { runInputs } from "../provider/cloudRun/support/runInputs.ts";
import { promotionInputs } from "../provider/support/promotionInputs.ts";
import { promotionRecord } from "../support/promotionRecord.ts";
import {
  deliveryPipelineResource,
  ecsServiceResource,
  promotionResource,
  rootResources,
} from "./support/operatedStack.ts";
import { ids } from "./support/statuses.ts";

const inputs = promotionInputs();
const { cluster, ecsService, connection, strategy, tasks } = inputs.deployment;
const live = {
  release: ids.a,
  revision: "revision-1",
  configuration: "one",
  since: "2030-01-01T10:00:00.000Z",
};
const nothing = { live: undefined, history: [], drift: [] };

function services(resources: object[], pending: object[] = []) {
  const all = [...rootResources, ...resources];
  return servicesInState({ deployment: { resources: all, pending_operations: pending } });
}

describe("servicesInState", () => {
  it("finds none in a stack without a state", () => {
    expect(servicesInState({ deployment: null })).to.deep.equal([]);
    expect(servicesInState({ deployment: { manifest: {} } })).to.deep.equal([]);
  });

  it("reads a promotion: where it is, what is live, what was, and what differs", () => {
    const outputs = { ...inputs, live, history: [promotionRecord(ids.a, 1)], drift: ["5 tasks"] };
    expect(services([promotionResource(inputs, outputs)])).to.deep.equal([
      {
        kind: "ecs",
        service: "platform",
        cluster,
        ecsService,
        connection,
        strategy,
        tasks,
        live,
        history: [promotionRecord(ids.a, 1)],
        drift: ["5 tasks"],
      },
    ]);
  });

  it("reads how AWS is reached, as far as that is said", () => {
    const reached = {
      region: "eu-west-1",
      profile: "work",
      assumeRole: { roleArn: "arn:aws:iam::123456789012:role/deploy", externalId: "x" },
      endpoints: { ecs: "http://127.0.0.1:1" },
    };
    const elsewhere = { ...inputs, deployment: { ...inputs.deployment, connection: reached } };
    expect(services([promotionResource(elsewhere)])[0]).to.deep.include({ connection: reached });
  });

  it("finds a promotion that runs for the first time among what is pending", () => {
    const creating = { type: "creating", resource: promotionResource(inputs) };
    const service = ecsServiceResource(cluster);
    const wanted = {
      kind: "ecs",
      service: "platform",
      cluster,
      ecsService,
      connection,
      strategy,
      tasks,
      ...nothing,
    };
    expect(services([service], [creating])).to.deep.equal([wanted]);
  });

  it("finds the service before its first promotion, without its connection", () => {
    expect(services([ecsServiceResource(cluster)])).to.deep.equal([
      {
        kind: "ecs",
        service: "platform",
        cluster,
        ecsService: "platform-1234567",
        connection: undefined,
        strategy: undefined,
        tasks: undefined,
        ...nothing,
      },
    ]);
  });

  it("reads a promotion on Cloud Run, whose credentials are secrets", () => {
    const encrypted = { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:abc" };
    const onCloudRun = runInputs("aaaa");
    const { connection: reached } = onCloudRun.deployment;
    const deployment = {
      ...onCloudRun.deployment,
      connection: { ...reached, accessToken: encrypted },
    };
    const resource = promotionResource({ ...inputs, deployment: Object.assign({}, deployment) });
    expect(services([resource])).to.deep.equal([
      {
        kind: "cloudRun",
        service: "platform",
        cloudRunService: serviceName,
        connection: reached,
        strategy: "BLUE_GREEN",
        ...nothing,
      },
    ]);
  });

  it("leaves alone what is on its way out, and services that it does not release", () => {
    const foreign = {
      ...ecsServiceResource(cluster),
      urn: "urn:pulumi:ec2::symphainy::aws:ecs/service:Service::other",
    };
    const leaving = { ...promotionResource(inputs), delete: true };
    expect(services([foreign, leaving])).to.deep.equal([]);
  });

  it("sorts services by name", () => {
    const named = (service: string) => promotionResource({ ...inputs, service });
    const found = services([named("web"), named("api")]);
    expect(found.map(({ service }) => service)).to.deep.equal(["api", "web"]);
  });

  it("says whose state does not tell where the service is, and shows no value of it", () => {
    const encrypted = { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:abc" };
    const hidden = promotionResource({ ...inputs, deployment: encrypted });
    expect(() => services([hidden]))
      .to.throw(CannotDo, `${promotionToken}::platform does not say where the service is`)
      .with.property("message")
      .that.does.not.include("abc");
  });

  it("reads whose releases Cloud Deploy has, and what its pipeline is called", () => {
    const outputs = { name: "symphainy-cd-platform", project: "p", location: "europe-west1" };
    expect(services([deliveryPipelineResource(outputs)])).to.deep.equal([
      {
        kind: "cloudDeploy",
        service: "platform",
        pipeline: "symphainy-cd-platform",
        project: "p",
        region: "europe-west1",
      },
    ]);
  });
});
