import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { openCloud, type TestCloud } from "../cloud.ts";
import { RecordingEcs } from "./support/recordingEcs.ts";

describe("ECS through the engine", () => {
  let ecs: RecordingEcs;
  let cloud: TestCloud;
  beforeEach(async () => {
    ecs = new RecordingEcs();
    cloud = await openCloud({ ecs: ecs.service });
  });
  afterEach(async () => {
    await cloud?.close();
  });

  it("writes a service in the words of the API", async () => {
    expect((await cloud.up(program({}))).error).to.equal("");
    const [service] = ecs.created;
    expect(service).to.deep.include({
      desiredCount: 2,
      healthCheckGracePeriodSeconds: 30,
      deploymentConfiguration: {
        strategy: "BLUE_GREEN",
        bakeTimeInMinutes: 1,
        lifecycleHooks: [
          {
            targetType: "PAUSE",
            lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
            timeoutConfiguration: { timeoutInMinutes: 60, action: "ROLLBACK" },
          },
        ],
        maximumPercent: 200,
        minimumHealthyPercent: 100,
      },
    });
    expect(service?.networkConfiguration?.awsvpcConfiguration?.subnets).to.have.length(1);
    expect(service?.networkConfiguration?.awsvpcConfiguration?.assignPublicIp).to.equal("DISABLED");
  });

  it("sends only what changed, and the forced deployment with it", async () => {
    await cloud.up(program({}));
    await cloud.up(program({ image: "app@sha256:b" }));
    const [{ taskDefinition, ...rest } = {}, ...more] = ecs.updated;
    expect(more).to.deep.equal([]);
    expect(taskDefinition).to.match(/:2$/);
    expect(Object.keys(rest)).to.have.members(["cluster", "service", "forceNewDeployment"]);
    expect(rest).to.include({ forceNewDeployment: true });
  });

  it("updates no service for a change of its tags", async () => {
    await cloud.up(program({}));
    expect((await cloud.up(program({ tag: "other" }))).steps).to.include("update service");
    expect(ecs.updated).to.deep.equal([]);
    expect(ecs.created[0]?.tags).to.deep.equal([{ key: "tag", value: "one" }]);
    expect(ecs.tagged.map(({ tags }) => tags)).to.deep.equal([[{ key: "tag", value: "other" }]]);
    expect(ecs.untagged).to.deep.equal([]);
  });

  it("takes away the tags that the program has no more, and no others", async () => {
    await cloud.up(program({}));
    await cloud.up(program({ tag: null }));
    expect(ecs.untagged.map(({ tagKeys }) => tagKeys)).to.deep.equal([["tag"]]);
    expect(ecs.tagged).to.deep.equal([]);
  });

  it("takes a rolling service, and several security groups", async () => {
    expect((await cloud.up(program({ rolling: true }))).error).to.equal("");
    const [service] = ecs.created;
    expect(service?.deploymentConfiguration).to.deep.include({
      strategy: "ROLLING",
      deploymentCircuitBreaker: { enable: true, rollback: true },
    });
    const { securityGroups } = service?.networkConfiguration?.awsvpcConfiguration ?? {};
    expect(securityGroups).to.have.length(2);
  });

  it("leaves old revisions in service when they are told to stay, and tells what stayed", async () => {
    await cloud.up(program({}));
    const replaced = await cloud.up(program({ image: "app@sha256:b" }));
    expect(replaced.error).to.equal("");
    expect(cloud.world.list(taskDefinitionToken)).to.have.length(1);
    expect((await cloud.destroy()).error).to.equal("");
    expect(ecs.deregistered).to.deep.equal([]);
    expect(ecs.deleted).to.have.length(1);
    expect(ecs.deleted[0]).to.include({ force: true });
    expect(cloud.world.inventory()).to.deep.equal([]);
    expect(cloud.world.kept().map((what) => what.split("/").at(-1))).to.deep.equal([
      "app:1",
      "app:2",
    ]);
  });

  it("lets a service go back to a revision that was told to stay", async () => {
    await cloud.up(program({}));
    const first = ecs.created[0]?.taskDefinition;
    await cloud.up(program({ image: "app@sha256:b" }));
    const back = await cloud.up(program({ image: "app@sha256:b", revision: first }));
    expect(back.error).to.equal("");
    expect(ecs.updated.at(-1)?.taskDefinition).to.equal(first).and.to.match(/:1$/);
  });

  it("takes revisions out of service otherwise: the old one, not the new one", async () => {
    await cloud.up(program({ skipDestroy: false }));
    await cloud.up(program({ skipDestroy: false, image: "app@sha256:b" }));
    expect(ecs.deregistered.map((arn) => arn.split("/").at(-1))).to.deep.equal(["app:1"]);
    expect(cloud.world.list(taskDefinitionToken)).to.have.length(1);
  });
});

const taskDefinitionToken = "aws:ecs/taskDefinition:TaskDefinition";

interface Variant {
  image?: string;
  tag?: string | null;
  rolling?: boolean;
  skipDestroy?: boolean;
  /** What the service runs, where it is not what the program defines. */
  revision?: string;
}

function program({
  image = "app@sha256:a",
  tag = "one",
  skipDestroy = true,
  rolling = false,
  revision,
}: Variant) {
  return async () => {
    const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
    const subnet = new aws.ec2.Subnet("private", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    const cluster = new aws.ecs.Cluster("cluster", {});
    const definition = new aws.ecs.TaskDefinition("task", {
      family: "app",
      networkMode: "awsvpc",
      skipDestroy,
      containerDefinitions: JSON.stringify([{ name: "app", image }]),
    });
    new aws.ecs.Service("service", {
      cluster: cluster.arn,
      taskDefinition: revision ?? definition.arn,
      desiredCount: 2,
      forceNewDeployment: true,
      forceDelete: true,
      healthCheckGracePeriodSeconds: 30,
      deploymentMaximumPercent: 200,
      deploymentMinimumHealthyPercent: 100,
      ...(rolling ? rollingPart(vpc, subnet) : shiftingPart(subnet)),
      tags: tag === null ? {} : { tag },
    });
  };
}

function shiftingPart(subnet: aws.ec2.Subnet) {
  return {
    networkConfiguration: { subnets: [subnet.id] },
    deploymentConfiguration: {
      strategy: "BLUE_GREEN",
      bakeTimeInMinutes: "1",
      lifecycleHooks: [
        {
          targetType: "PAUSE",
          lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
          timeoutConfiguration: { timeoutInMinutes: "60", action: "ROLLBACK" },
        },
      ],
    },
  };
}

function rollingPart(vpc: aws.ec2.Vpc, subnet: aws.ec2.Subnet) {
  const groups = ["one", "two"].map(
    (name) => new aws.ec2.SecurityGroup(name, { vpcId: vpc.id, description: name }),
  );
  return {
    networkConfiguration: { subnets: [subnet.id], securityGroups: groups.map(({ id }) => id) },
    deploymentCircuitBreaker: { enable: true, rollback: true },
    deploymentConfiguration: { strategy: "ROLLING" },
  };
}
