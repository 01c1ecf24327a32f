import { expect } from "chai";
import { AwsError } from "../../../rehearsal/cloud/awsError.ts";
import { AutoScaling } from "../../../rehearsal/cloud/ec2/autoScaling.ts";
import { clusterName } from "../../../rehearsal/cloud/ec2/clusterName.ts";
import { instanceTypes } from "../../../rehearsal/cloud/ec2/instanceTypes.ts";
import { seededIds } from "../../../rehearsal/cloud/ecs/seededIds.ts";
import { Journal } from "../../../rehearsal/cloud/journal.ts";
import { VirtualClock } from "../ecs/support/virtualClock.ts";

async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("AutoScaling", () => {
  let clock: VirtualClock;
  let journal: Journal;
  let autoScaling: AutoScaling;
  const group = {
    AutoScalingGroupName: "group",
    MinSize: 1,
    MaxSize: 3,
    VPCZoneIdentifier: "subnet-a,subnet-b",
    LaunchTemplate: { LaunchTemplateName: "template" },
  };

  beforeEach(async () => {
    clock = new VirtualClock();
    journal = new Journal(clock);
    autoScaling = new AutoScaling({
      clock,
      journal,
      ids: seededIds(1),
      region: "eu-central-1",
      account: "123456789012",
      subnets: (id) =>
        id === "subnet-x"
          ? undefined
          : { id, cidrBlock: "10.0.0.0/24", availabilityZone: id.slice(-1) },
    });
    await autoScaling.createLaunchTemplate({
      LaunchTemplateName: "template",
      LaunchTemplateData: { InstanceType: "t3.small" },
    });
  });
  afterEach(async () => {
    await autoScaling.close();
    clock.stop();
  });

  const instances = () =>
    autoScaling
      .describeAutoScalingGroups()
      .then(({ AutoScalingGroups }) => AutoScalingGroups[0]?.Instances ?? []);

  it("launches instances, which take a minute of cloud time to boot, over the zones in turn", async () => {
    await autoScaling.createAutoScalingGroup({ ...group, DesiredCapacity: 3 });
    expect((await instances()).map(({ LifecycleState }) => LifecycleState)).to.deep.equal([
      "Pending",
      "Pending",
      "Pending",
    ]);
    expect((await instances()).map(({ AvailabilityZone }) => AvailabilityZone)).to.deep.equal([
      "a",
      "b",
      "a",
    ]);
    await clock.sleep(61);
    expect((await instances())[2]?.LifecycleState).to.equal("InService");
    const [launched, active] = ["launching", "active"].map((status) =>
      journal.events.find((event) => event.kind === "instance" && event.status === status),
    );
    expect((active?.at ?? 0) - (launched?.at ?? 0)).to.equal(60_000);
  });

  it("follows its sizes, except for protected instances", async () => {
    await autoScaling.createAutoScalingGroup(group);
    await autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: "group", MinSize: 2 });
    expect(await instances()).to.have.length(2);
    await autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: "group",
      MinSize: 0,
      MaxSize: 1,
    });
    expect(await instances()).to.have.length(1);
    await autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: "group",
      NewInstancesProtectedFromScaleIn: true,
      DesiredCapacity: 0,
    });
    expect(await instances()).to.have.length(1);
  });

  it("replaces an instance that is lost", async () => {
    await autoScaling.createAutoScalingGroup(group);
    const [first] = await instances();
    await autoScaling.terminateInstance({ InstanceId: first?.InstanceId ?? "" });
    const [second] = await instances();
    expect(second?.InstanceId).to.be.a("string").and.not.equal(first?.InstanceId);
  });

  it("takes instances along only when it is told to", async () => {
    await autoScaling.createAutoScalingGroup(group);
    const AutoScalingGroupName = "group";
    expect(await refusal(autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName }))).to.equal(
      "ResourceInUse",
    );
    await autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName, ForceDelete: true });
    expect(autoScaling.inventory()).to.deep.equal(["launch template template"]);
    expect(journal.events.at(-1)).to.include({ kind: "instance", status: "terminated" });
  });

  it("uses a template's version for what it launches from then on", async () => {
    await autoScaling.createAutoScalingGroup({
      ...group,
      LaunchTemplate: { LaunchTemplateName: "template", Version: "$Latest" },
    });
    const { LaunchTemplate } = await autoScaling.describeLaunchTemplate({
      LaunchTemplateName: "template",
    });
    await autoScaling.createLaunchTemplateVersion({
      LaunchTemplateId: LaunchTemplate.LaunchTemplateId,
      LaunchTemplateData: { InstanceType: "t3.medium" },
    });
    await autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: "group", MinSize: 2 });
    expect((await instances()).map(({ InstanceType }) => InstanceType)).to.deep.equal([
      "t3.small",
      "t3.medium",
    ]);
  });

  it("refuses what AWS refuses, and a type that it does not know", async () => {
    expect(
      await refusal(autoScaling.createAutoScalingGroup({ ...group, DesiredCapacity: 4 })),
    ).to.equal("ValidationError");
    expect(
      await refusal(
        autoScaling.createAutoScalingGroup({ ...group, VPCZoneIdentifier: "subnet-x" }),
      ),
    ).to.equal("ValidationError");
    expect(
      await refusal(
        autoScaling.createAutoScalingGroup({
          ...group,
          LaunchTemplate: { LaunchTemplateName: "template", Version: "7" },
        }),
      ),
    ).to.equal("InvalidLaunchTemplateId.VersionNotFound");
    expect(
      await refusal(
        autoScaling.createLaunchTemplate({
          LaunchTemplateName: "template",
          LaunchTemplateData: {},
        }),
      ),
    ).to.equal("InvalidLaunchTemplateName.AlreadyExistsException");
    expect(
      await refusal(
        autoScaling.createLaunchTemplate({
          LaunchTemplateName: "other",
          LaunchTemplateData: { InstanceType: "z9.huge" },
        }),
      ),
    ).to.equal("InvalidParameterValue");
  });
});

describe("clusterName", () => {
  const read = (script: string) => clusterName(Buffer.from(script).toString("base64"));

  it("reads what the agent's configuration would say, and executes nothing", () => {
    expect(read("cat <<'X' >> /etc/ecs/ecs.config\nECS_CLUSTER=main-1\nX\n")).to.equal("main-1");
    expect(read('echo ECS_CLUSTER="main" >> /etc/ecs/ecs.config')).to.equal("main");
    expect(read("#!/bin/sh\n")).to.equal("default");
    expect(clusterName(undefined)).to.equal("default");
  });
});

describe("instanceTypes", () => {
  it("lets a t3.small take two tasks with a network interface of their own", () => {
    expect(instanceTypes.get("t3.small")).to.include({ cpu: 2048, interfaces: 2 });
    expect(instanceTypes.get("t3.small")?.memory).to.be.within(1800, 2000);
  });
});
