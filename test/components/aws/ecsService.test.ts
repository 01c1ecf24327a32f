import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { defaultRollout } from "../../../components/rolloutPlan.ts";
import { only, promiseOf } from "../../support/mocks.ts";
import { type Changes, createService, ruleType, serviceType } from "./support/createService.ts";

describe("EcsService", () => {
  it("stops twice for a verdict, and goes back when none comes", async () => {
    const { inputs } = only(await createService(), serviceType);
    const pause = (stage: string) => ({
      targetType: "PAUSE",
      lifecycleStages: [stage],
      timeoutConfiguration: { timeoutInMinutes: "30", action: "ROLLBACK" },
    });
    expect(inputs.deploymentConfiguration).to.deep.equal({
      strategy: "BLUE_GREEN",
      bakeTimeInMinutes: "1",
      lifecycleHooks: [pause("POST_TEST_TRAFFIC_SHIFT"), pause("POST_PRODUCTION_TRAFFIC_SHIFT")],
    });
  });

  it("moves traffic between both groups by both rules, in a role for just that", async () => {
    const recording = await createService();
    const { inputs } = only(recording, serviceType);
    const arn = (kind: string, name: string) =>
      `arn:aws:${kind === "Role" ? "iam" : "lb"}:eu-central-1:123456789012:${kind}/${name}`;
    expect(inputs.loadBalancers).to.deep.equal([
      {
        containerName: "platform",
        containerPort: 8000,
        targetGroupArn: arn("TargetGroup", "platform-a"),
        advancedConfiguration: {
          alternateTargetGroupArn: arn("TargetGroup", "platform-b"),
          productionListenerRule: arn("ListenerRule", "platform-production"),
          testListenerRule: arn("ListenerRule", "platform-test"),
          roleArn: arn("Role", "platform-shift"),
        },
      },
    ]);
    const attachment = only(recording, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    expect(attachment.inputs.policyArn).to.equal(
      "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
    );
  });

  it("exists only between its rules and the role's policy", async () => {
    const { dependencies } = only(await createService(), serviceType);
    expect(dependencies).to.include.members([
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment platform-shift",
      `${ruleType} platform-production`,
      `${ruleType} platform-test`,
    ]);
  });

  it("can be reached for as long as it exists", async () => {
    const { dependencies } = only(await createService(), serviceType);
    expect(dependencies).to.include.members([
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule platform-lb-8000",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule platform-tasks",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule platform-tasks-8000",
    ]);
  });

  it("leaves to ECS and to scaling what they change", async () => {
    const recording = await createService();
    expect(only(recording, serviceType).ignoreChanges).to.deep.equal([
      "loadBalancers",
      "desiredCount",
    ]);
    for (const name of ["platform-production", "platform-test"]) {
      expect(only(recording, ruleType, name).ignoreChanges).to.deep.equal(["actions"]);
    }
  });

  it("waits for nothing, is deletable, and clears the way before an update", async () => {
    const { inputs, beforeUpdate } = only(await createService(), serviceType);
    expect(inputs).to.include({
      waitForSteadyState: false,
      forceDelete: true,
      forceNewDeployment: true,
      healthCheckGracePeriodSeconds: 95,
    });
    expect(inputs).not.to.have.property("sigintRollback");
    expect(beforeUpdate).to.deep.equal(["platform-keep-strategy", "platform-prepare-update"]);
  });

  it("names a configuration that changes with whatever starts a deployment", async () => {
    const configuration = async (changes?: Changes) =>
      promiseOf((await createService(changes)).result.configuration);
    const first = await configuration();
    expect(first).to.match(/^[0-9a-f]{16}$/);
    expect(await configuration()).to.equal(first);
    expect(await configuration({ taskDefinitionArn: "task-definition:2" })).to.equal(first);
    expect(await configuration({ subnetIds: ["subnet-a"] })).not.to.equal(first);
    expect(await configuration({ securityGroups: ["sg-0abc1234"] })).not.to.equal(first);
    const plan = { ...defaultRollout, pauseTimeoutMinutes: 40 };
    expect(await configuration({ plan })).not.to.equal(first);
    const serviceConnect = { enabled: true, namespace: "namespace-arn" };
    expect(await configuration({ serviceConnect })).not.to.equal(first);
  });

  it("hides the test header of its calls, and not the hash that it is part of", async () => {
    const value = { exact: pulumi.secret("test-header-secret") };
    const rules = [{ header: { name: "x-test", value } }];
    const clientAlias = [{ dnsName: "platform", port: 8000, testTrafficRules: rules }];
    const services = [{ portName: "http", discoveryName: "platform", clientAlias }];
    const recording = await createService({ serviceConnect: { enabled: true, services } });
    const { secrets } = only(recording, serviceType);
    expect(secrets).to.deep.equal([
      "serviceConnectConfiguration.services[0].clientAlias[0].testTrafficRules[0].header.value.exact",
    ]);
    expect(await pulumi.isSecret(recording.result.configuration)).to.equal(false);
  });

  it("puts the user's groups beside the tasks' own", async () => {
    const { inputs } = only(await createService({ securityGroups: ["sg-0abc1234"] }), serviceType);
    expect(inputs.networkConfiguration).to.deep.equal({
      subnets: ["subnet-a", "subnet-b"],
      securityGroups: ["platform-tasks-id", "sg-0abc1234"],
    });
  });

  it("lets only the load balancer talk to tasks, and it to nothing else", async () => {
    const { resources } = await createService();
    const ways = resources.filter(({ type }) => type.startsWith("aws:vpc/"));
    const short = ways.map(({ name, type, inputs }) => [
      type.includes("Ingress") ? "in" : "out",
      name,
      inputs.referencedSecurityGroupId ?? inputs.cidrIpv4,
      inputs.toPort,
    ]);
    expect(short).to.have.deep.members([
      ["in", "platform-tasks-8000", "sg-lb", 8000],
      ["out", "platform-lb-8000", "platform-tasks-id", 8000],
      ["out", "platform-tasks", "0.0.0.0/0", undefined],
    ]);
  });

  it("keeps the tasks' CPU near the aim", async () => {
    const recording = await createService();
    expect(only(recording, "aws:appautoscaling/target:Target").inputs).to.include({
      resourceId: "service/symphainy/platform-1a2b3c4",
      minCapacity: 2,
      maxCapacity: 4,
    });
    const policy = only(recording, "aws:appautoscaling/policy:Policy").inputs;
    expect(policy.targetTrackingScalingPolicyConfiguration).to.deep.include({
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      targetValue: 60,
    });
  });

  it("counts requests at its own load balancer and in both its groups", async () => {
    const tasks = { min: 2, max: 4, targetCpuPercent: 60, targetRequestsPerMinute: 600 };
    const recording = await createService({ tasks });
    const policy = only(recording, "aws:appautoscaling/policy:Policy", "platform-requests").inputs;
    const text = JSON.stringify(policy.targetTrackingScalingPolicyConfiguration);
    for (const value of ["app/lb/1", "TargetGroup/platform-a", "TargetGroup/platform-b"]) {
      expect(text).to.include(`"value":"${value}"`);
    }
  });
});

describe("EcsService with another port", () => {
  it("has rules of other names, so that the old ones stay until the live tasks have gone", async () => {
    const portRules = async (port: number) => {
      const { resources } = await createService({ container: { name: "platform", port } });
      return resources.filter(({ inputs }) => inputs.fromPort === port).map(({ name }) => name);
    };
    const [before, after] = [await portRules(8000), await portRules(9000)];
    expect(before).to.have.length(2);
    expect(after).to.have.length(2);
    expect(after)
      .not.to.include.members(before.slice(0, 1))
      .and.not.to.include.members(before.slice(1));
  });
});
