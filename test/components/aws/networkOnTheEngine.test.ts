import * as aws from "@pulumi/aws";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { Network, type NetworkArgs } from "../../../components/aws/network.ts";
import { openCloud, type TestCloud } from "../../rehearsal/providers/cloud.ts";

const network =
  (natGateways: NetworkArgs["natGateways"]): PulumiFn =>
  async () => {
    const { privateSubnetIds } = new Network("net", {
      cidr: "10.40.0.0/16",
      availabilityZones: ["eu-central-1a", "eu-central-1b"],
      natGateways,
      endpoints: { region: "eu-central-1", services: ["logs", "ecs-agent", "ecs"] },
      logRetentionDays: 30,
      tags: {},
    });
    // Stands for what runs in a private subnet.
    new aws.cloudwatch.LogGroup("tasks", { tags: { subnet: privateSubnetIds[0] ?? "" } });
  };

const endpoints = ["net-s3", "net-logs", "net-ecs-agent", "net-ecs"];

describe("a network on the real engine", function () {
  this.timeout(120_000);
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await openCloud();
  });
  afterEach(() => cloud.close());

  async function up(natGateways: NetworkArgs["natGateways"]): Promise<string[]> {
    const { error, steps } = await cloud.up(network(natGateways));
    expect(error).to.equal("");
    return steps;
  }

  function inOrder(steps: readonly string[], before: string[], after: string): void {
    expect(steps).to.include.members([...before, after]);
    for (const step of before) {
      expect(steps.indexOf(step), step).to.be.lessThan(steps.indexOf(after));
    }
  }

  it("without NAT gateways stands before its tasks and goes after them, and leaves nothing", async () => {
    inOrder(
      await up("none"),
      endpoints.map((name) => `create ${name}`),
      "create tasks",
    );
    const { steps } = await cloud.preview(network("none"));
    expect(steps.filter((step) => !step.startsWith("same"))).to.deep.equal([]);
    const destroyed = await cloud.destroy();
    expect(destroyed.error).to.equal("");
    for (const name of endpoints) inOrder(destroyed.steps, ["delete tasks"], `delete ${name}`);
    inOrder(destroyed.steps, ["delete net-ecs"], "delete net-ecs-agent");
    inOrder(destroyed.steps, ["delete net-logs"], "delete net-endpoints-eu-central-1a");
    expect(cloud.world.inventory()).to.deep.equal([]);
  });

  it("has the new ways before it takes the old ones away, and moves no subnet", async () => {
    await up("single");
    const closing = await up("none");
    for (const old of ["net-private-eu-central-1a", "net-eu-central-1a", "net-eu-central-1a-nat"]) {
      inOrder(
        closing,
        endpoints.map((name) => `create ${name}`),
        `delete ${old}`,
      );
    }
    const opening = await up("perZone");
    const routes = ["net-private-eu-central-1a", "net-private-eu-central-1b"];
    for (const name of endpoints) {
      inOrder(
        opening,
        routes.map((route) => `create ${route}`),
        `delete ${name}`,
      );
    }
    const moved = [...closing, ...opening].filter((step) => /replace|update/.test(step));
    expect(moved).to.deep.equal([]);
  });

  it("can be given its endpoints first, for instances that have to learn of them", async () => {
    await up("single");
    const target = ["**symphainy:aws:PrivateEndpoints**"];
    await cloud.stack.up({ program: network("none"), target });
    const names = (token: string) => cloud.world.list(token).map(({ name }) => name);
    expect(names("aws:ec2/vpcEndpoint:VpcEndpoint")).to.have.members(endpoints);
    expect(names("aws:ec2/natGateway:NatGateway")).to.deep.equal(["net-eu-central-1a"]);
    const rest = (await up("none")).filter((step) => /^(create|replace|update)/.test(step));
    expect(rest).to.deep.equal([]);
    expect(names("aws:ec2/natGateway:NatGateway")).to.deep.equal([]);
  });
});
