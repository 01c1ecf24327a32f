import { expect } from "chai";
import { Ec2Capacity, type Ec2CapacityArgs } from "../../../components/aws/ec2Capacity.ts";
import { only, record, useOf, useType } from "../../support/mocks.ts";

const args: Ec2CapacityArgs = {
  clusterName: "symphainy-1a2b3c4",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  instanceType: "t3.small",
  amiParameter: "/aws/service/ecs/pinned",
  minInstances: 2,
  maxInstances: 6,
  tags: { CostCentre: "4711" },
};

const create = () => record(() => new Ec2Capacity("capacity", args));
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";
const groupType = "aws:autoscaling/group:Group";

describe("Ec2Capacity", () => {
  it("starts instances of a pinned AMI with IMDSv2 and encrypted disks", async () => {
    const { inputs } = only(await create(), templateType);
    expect(inputs.imageId).to.equal("resolve:ssm:/aws/service/ecs/pinned");
    expect(inputs.metadataOptions).to.deep.equal({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    expect(inputs.blockDeviceMappings).to.deep.equal([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: 30, encrypted: "true", deleteOnTermination: "true" },
      },
    ]);
    expect(inputs).not.to.have.property("keyName");
  });

  it("tells instances which cluster is theirs, and keeps their identity from tasks", async () => {
    const { inputs } = only(await create(), templateType);
    const script = Buffer.from(String(inputs.userData), "base64").toString();
    expect(script).to.match(/^#!\/bin\/bash\n/);
    expect(script).to.include("\nECS_CLUSTER=symphainy-1a2b3c4\n");
    expect(script).to.include("\nECS_AWSVPC_BLOCK_IMDS=true\n");
  });

  it("lets nobody in, and operators by Session Manager", async () => {
    const { resources } = await create();
    const types = resources.map(({ type }) => type);
    expect(types).not.to.include("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const policies = resources.flatMap(({ inputs }) => inputs.policyArn ?? []);
    expect(policies).to.have.members([
      "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
      "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    ]);
  });

  it("lets instances reach ECS for as long as there are any", async () => {
    const { dependencies } = only(await create(), templateType);
    expect(dependencies).to.include(
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule capacity-instances",
    );
  });

  it("leaves the number of instances to ECS, and protects those with tasks", async () => {
    const recording = await create();
    const { inputs } = only(recording, groupType);
    expect(inputs).to.include({ minSize: 2, maxSize: 6, protectFromScaleIn: true });
    expect(inputs).not.to.have.property("desiredCapacity");
    expect(inputs.launchTemplate).to.deep.equal({ id: "capacity-id", version: "7" });
    const provider = only(recording, "aws:ecs/capacityProvider:CapacityProvider").inputs;
    expect(provider.autoScalingGroupProvider).to.deep.include({
      managedDraining: "ENABLED",
      managedTerminationProtection: "ENABLED",
      managedScaling: {
        status: "ENABLED",
        targetCapacity: 100,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 6,
        instanceWarmupPeriod: 120,
      },
    });
  });

  it("knows the tag that ECS adds to the group, and tags what the group starts", async () => {
    const recording = await create();
    expect(only(recording, groupType).inputs.tags).to.deep.include({
      key: "AmazonECSManaged",
      value: "true",
      propagateAtLaunch: true,
    });
    const { tagSpecifications } = only(recording, templateType).inputs;
    expect(tagSpecifications).to.deep.equal([
      { resourceType: "instance", tags: { CostCentre: "4711", Name: "capacity" } },
      { resourceType: "volume", tags: { CostCentre: "4711", Name: "capacity" } },
    ]);
  });

  it("starts no instance before its role may join the cluster", async () => {
    const { dependencies } = only(await create(), templateType);
    expect(dependencies).to.include(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment capacity-instance-containerInstance",
    );
  });

  it("hands out its provider only when the cluster knows it", async () => {
    const recording = await record(() => useOf(new Ec2Capacity("capacity", args).capacityProvider));
    const use = only(recording, useType);
    expect(use.inputs.input).to.equal("capacity-1a2b3c4");
    expect(use.dependencies).to.include(
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders capacity",
    );
  });
});
