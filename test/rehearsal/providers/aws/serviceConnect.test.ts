import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { openCloud, type TestCloud } from "../cloud.ts";
import { RecordingEcs } from "./support/recordingEcs.ts";

const secret = "let-me-see-the-candidate";

describe("Service Connect through the engine", () => {
  let ecs: RecordingEcs;
  let cloud: TestCloud;
  beforeEach(async () => {
    ecs = new RecordingEcs();
    cloud = await openCloud({ ecs: ecs.service });
  });
  afterEach(async () => {
    await cloud?.close();
  });

  it("is written in the words of the API", async () => {
    expect((await cloud.up(program())).error).to.equal("");
    const [namespace] = cloud.world.list(namespaceToken);
    expect(ecs.created[0]?.serviceConnectConfiguration).to.deep.equal({
      enabled: true,
      namespace: namespace?.outputs.arn,
      services: [
        {
          portName: "http",
          discoveryName: "platform",
          clientAliases: [
            {
              dnsName: "platform",
              port: 8000,
              testTrafficRules: { header: { name: "x-test", value: { exact: secret } } },
            },
          ],
          ingressPortOverride: 20_080,
          timeout: { idleTimeoutSeconds: 60, perRequestTimeoutSeconds: 0 },
        },
      ],
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "proxies" } },
    });
  });

  it("is switched off where the program has it no more: what is not named stays", async () => {
    await cloud.up(program());
    expect((await cloud.up(program({ connected: false }))).error).to.equal("");
    expect(ecs.updated.map((it) => it.serviceConnectConfiguration)).to.deep.equal([
      { enabled: false },
    ]);
  });

  it("keeps the value that leads to a candidate out of what anybody can read", async () => {
    await cloud.up(program());
    expect(cloud.rawState()).not.to.include(secret);
  });

  it("needs a namespace that is there", async () => {
    const namespace = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-other";
    expect((await cloud.up(program({ namespace }))).error).to.match(
      /NamespaceNotFoundException.*ns-other/,
    );
  });

  it("takes services out of a namespace before it goes", async () => {
    await cloud.up(program());
    const [service] = cloud.world.list(serviceToken);
    if (!service) throw new Error("there is no service");
    // Somebody else's: the program does not know of it.
    const { serviceConnectConfiguration = {} } = service.inputs;
    const inputs = { serviceConnectConfiguration };
    cloud.world.add({ ...service, inputs, id: "service-foreign", name: "foreign" });
    expect((await cloud.destroy()).error).to.match(/ResourceInUse.*service-foreign/);
  });
});

const namespaceToken = "aws:servicediscovery/httpNamespace:HttpNamespace";
const serviceToken = "aws:ecs/service:Service";

interface Variant {
  connected?: boolean;
  /** ARN of it. @default the program's own */
  namespace?: string;
}

function program({ connected = true, namespace }: Variant = {}) {
  return async () => {
    const own = new aws.servicediscovery.HttpNamespace("platform", { name: "platform-test" });
    const cluster = new aws.ecs.Cluster("cluster", {});
    const definition = new aws.ecs.TaskDefinition("task", {
      family: "app",
      networkMode: "awsvpc",
      skipDestroy: true,
      containerDefinitions: JSON.stringify([{ name: "app", image: "app@sha256:a" }]),
    });
    const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
    const subnet = new aws.ec2.Subnet("private", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    new aws.ecs.Service("service", {
      cluster: cluster.arn,
      taskDefinition: definition.arn,
      desiredCount: 2,
      forceDelete: true,
      networkConfiguration: { subnets: [subnet.id] },
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: "1" },
      ...(connected && {
        serviceConnectConfiguration: {
          enabled: true,
          namespace: namespace ?? own.arn,
          services: [
            {
              portName: "http",
              discoveryName: "platform",
              clientAlias: [
                {
                  dnsName: "platform",
                  port: 8000,
                  testTrafficRules: [
                    { header: { name: "x-test", value: { exact: pulumi.secret(secret) } } },
                  ],
                },
              ],
              ingressPortOverride: 20_080,
              timeout: { idleTimeoutSeconds: 60, perRequestTimeoutSeconds: 0 },
            },
          ],
          logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "proxies" } },
        },
      }),
    });
  };
}
