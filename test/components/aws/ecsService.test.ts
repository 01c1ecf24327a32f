import { expect } from "chai";
import { EcsService } from "../../../components/aws/ecsService.ts";
import { ServiceTraffic } from "../../../components/aws/serviceTraffic.ts";
import { stopBeforeUpdate } from "../../../components/aws/stopBeforeUpdate.ts";
import { targetCheck } from "../../../components/healthChecks.ts";
import { defaultHealth } from "../../../components/healthSpec.ts";
import { defaultRollout, type RolloutPlan } from "../../../components/rolloutPlan.ts";
import { only, promiseOf, record } from "../../support/mocks.ts";

const serviceType = "aws:ecs/service:Service";
const ruleType = "aws:lb/listenerRule:ListenerRule";
const groupType = "aws:lb/targetGroup:TargetGroup";
const tags = { CostCentre: "4711" };

interface Changes {
  path?: string;
  subnetIds?: string[];
  taskDefinitionArn?: string;
  plan?: RolloutPlan;
  container?: { name: string; port: number };
  securityGroups?: string[];
  stickySessionSeconds?: number;
}

function create({
  path = "/",
  plan = defaultRollout,
  stickySessionSeconds = 0,
  ...changes
}: Changes = {}) {
  return record(() => {
    const traffic = new ServiceTraffic("platform", {
      vpcId: "vpc-1",
      listenerArn: "listener-arn",
      path,
      priorities: { test: 10, production: 110 },
      check: targetCheck(defaultHealth, path),
      deregistrationDelaySeconds: 60,
      stickySessionSeconds,
      tags,
    });
    return new EcsService("platform", {
      cluster: { arn: "cluster-arn", name: "symphainy" },
      capacityProvider: "capacity",
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b"],
      loadBalancerGroupId: "sg-lb",
      traffic,
      taskDefinitionArn: "task-definition:1",
      container: { name: "platform", port: 8000 },
      tasks: { min: 2, max: 4, targetCpuPercent: 60 },
      startAllowanceSeconds: 95,
      plan,
      alarms: ["errors", "latency"],
      beforeUpdate: stopBeforeUpdate("platform", { region: "eu-central-1" }),
      tags,
      ...changes,
    });
  });
}

describe("EcsService", () => {
  it("stops twice for a verdict, and goes back when none comes", async () => {
    const { inputs } = only(await create(), serviceType);
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
    const recording = await create();
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
    const { dependencies } = only(await create(), serviceType);
    expect(dependencies).to.include.members([
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment platform-shift",
      `${ruleType} platform-production`,
      `${ruleType} platform-test`,
    ]);
  });

  it("can be reached for as long as it exists", async () => {
    const { dependencies } = only(await create(), serviceType);
    expect(dependencies).to.include.members([
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule platform-lb-8000",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule platform-tasks",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule platform-tasks-8000",
    ]);
  });

  it("leaves to ECS and to scaling what they change", async () => {
    const recording = await create();
    expect(only(recording, serviceType).ignoreChanges).to.deep.equal([
      "loadBalancers",
      "desiredCount",
    ]);
    for (const name of ["platform-production", "platform-test"]) {
      expect(only(recording, ruleType, name).ignoreChanges).to.deep.equal(["actions"]);
    }
  });

  it("waits for nothing, is deletable, and stops what is in flight before an update", async () => {
    const { inputs, beforeUpdate } = only(await create(), serviceType);
    expect(inputs).to.include({
      waitForSteadyState: false,
      forceDelete: true,
      forceNewDeployment: true,
      healthCheckGracePeriodSeconds: 95,
    });
    expect(inputs).not.to.have.property("sigintRollback");
    expect(beforeUpdate).to.deep.equal(["platform-keep-strategy", "platform-stop-in-flight"]);
  });

  it("names a configuration that changes with whatever starts a deployment", async () => {
    const configuration = async (changes?: Changes) =>
      promiseOf((await create(changes)).result.configuration);
    const first = await configuration();
    expect(first).to.match(/^[0-9a-f]{16}$/);
    expect(await configuration()).to.equal(first);
    expect(await configuration({ taskDefinitionArn: "task-definition:2" })).to.equal(first);
    expect(await configuration({ subnetIds: ["subnet-a"] })).not.to.equal(first);
    expect(await configuration({ securityGroups: ["sg-0abc1234"] })).not.to.equal(first);
    const plan = { ...defaultRollout, pauseTimeoutMinutes: 40 };
    expect(await configuration({ plan })).not.to.equal(first);
  });

  it("puts the user's groups beside the tasks' own", async () => {
    const { inputs } = only(await create({ securityGroups: ["sg-0abc1234"] }), serviceType);
    expect(inputs.networkConfiguration).to.deep.equal({
      subnets: ["subnet-a", "subnet-b"],
      securityGroups: ["platform-tasks-id", "sg-0abc1234"],
    });
  });

  it("lets only the load balancer talk to tasks, and it to nothing else", async () => {
    const { resources } = await create();
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
    const recording = await create();
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
});

describe("EcsService with another port", () => {
  it("has rules of other names, so that the old ones stay until the live tasks have gone", async () => {
    const portRules = async (port: number) => {
      const { resources } = await create({ container: { name: "platform", port } });
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

describe("EcsService in steps", () => {
  const plan = (strategy: RolloutPlan["strategy"], ...steps: number[]): RolloutPlan => ({
    ...defaultRollout,
    strategy,
    steps,
  });
  const deployment = async (plan: RolloutPlan) => {
    const { inputs } = only(await create({ plan }), serviceType);
    return inputs.deploymentConfiguration;
  };
  const stages = ["PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"];
  const lifecycleHooks = stages.map((stage) => ({
    targetType: "PAUSE",
    lifecycleStages: [stage],
    timeoutConfiguration: { timeoutInMinutes: "30", action: "ROLLBACK" },
  }));

  it("of CANARY stops before each of two steps, and waits nowhere else", async () => {
    expect(await deployment(plan("CANARY", 0.5, 100))).to.deep.equal({
      strategy: "CANARY",
      bakeTimeInMinutes: "1",
      canaryConfiguration: { canaryPercent: 0.5, canaryBakeTimeInMinutes: "0" },
      lifecycleHooks,
    });
  });

  it("of LINEAR stops before each step, and waits nowhere else", async () => {
    expect(await deployment(plan("LINEAR", 25, 50, 75, 100))).to.deep.equal({
      strategy: "LINEAR",
      bakeTimeInMinutes: "1",
      linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "0" },
      lifecycleHooks,
    });
  });

  it("has no circuit breaker, which is for rolling updates alone", async () => {
    for (const shifting of [defaultRollout, plan("CANARY", 10, 100)]) {
      const { inputs } = only(await create({ plan: shifting }), serviceType);
      expect(inputs).not.to.have.property("deploymentCircuitBreaker");
    }
  });
});

describe("EcsService that rolls", () => {
  const rolling = () => create({ plan: { ...defaultRollout, strategy: "ROLLING" } });

  it("stops for nothing, and undoes itself by its circuit breaker and its alarms", async () => {
    const { inputs } = only(await rolling(), serviceType);
    expect(inputs.deploymentConfiguration).to.deep.equal({ strategy: "ROLLING" });
    expect(inputs.deploymentCircuitBreaker).to.deep.equal({ enable: true, rollback: true });
    expect(inputs.alarms).to.deep.equal({
      alarmNames: ["errors", "latency"],
      enable: true,
      rollback: true,
    });
  });

  it("stays in one group, so that ECS has no power over rules", async () => {
    const recording = await rolling();
    expect(only(recording, serviceType).inputs.loadBalancers).to.deep.equal([
      {
        containerName: "platform",
        containerPort: 8000,
        targetGroupArn: "arn:aws:lb:eu-central-1:123456789012:TargetGroup/platform-a",
      },
    ]);
    expect(recording.resources.map(({ name }) => name)).not.to.include("platform-shift");
  });
});

describe("ServiceTraffic", () => {
  it("looks for the secret header before the path alone", async () => {
    const recording = await create();
    const production = only(recording, ruleType, "platform-production");
    const test = only(recording, ruleType, "platform-test");
    expect(Number(test.inputs.priority)).to.be.below(Number(production.inputs.priority));
    const below = { pathPattern: { values: ["/*"] } };
    expect(production.inputs.conditions).to.deep.equal([below]);
    expect(test.inputs.conditions).to.deep.equal([
      below,
      { httpHeader: { httpHeaderName: "x-symphainy-test", values: ["test-header-secret"] } },
    ]);
    expect(test.secrets).to.deep.equal(["conditions[1].httpHeader.values[0]"]);
  });

  it("makes a secret that no one guesses and no rule takes for a pattern", async () => {
    const { inputs } = only(await create(), "random:index/randomPassword:RandomPassword");
    expect(inputs).to.include({ special: false });
    expect(Number(inputs.length)).to.be.within(32, 128);
  });

  it("only forwards, to both groups, all to the first at the start", async () => {
    const recording = await create();
    for (const name of ["platform-production", "platform-test"]) {
      const { actions } = only(recording, ruleType, name).inputs;
      expect(actions).to.have.length(1);
      expect(actions).to.have.nested.property("[0].type", "forward");
      expect(actions).to.have.nested.property("[0].forward.targetGroups[0].weight", 100);
      expect(actions).to.have.nested.property("[0].forward.targetGroups[1].weight", 0);
    }
  });

  it("checks addresses by the health contract's own numbers", async () => {
    const recording = await create({ path: "/api" });
    for (const name of ["platform-a", "platform-b"]) {
      expect(only(recording, groupType, name).inputs).to.deep.include({
        targetType: "ip",
        deregistrationDelay: 60,
        healthCheck: {
          enabled: true,
          protocol: "HTTP",
          port: "traffic-port",
          path: "/api/health",
          matcher: "200",
          interval: 5,
          timeout: 2,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
      });
    }
  });

  it("leads clients wherever, unless there are sessions", async () => {
    const recording = await create();
    for (const name of ["platform-a", "platform-b"]) {
      expect(only(recording, groupType, name).inputs.stickiness).to.deep.include({
        type: "lb_cookie",
        enabled: false,
      });
    }
  });

  it("keeps sessions by the groups' own cookies, never by the rules'", async () => {
    const recording = await create({ stickySessionSeconds: 3600 });
    for (const name of ["platform-a", "platform-b"]) {
      expect(only(recording, groupType, name).inputs.stickiness).to.deep.equal({
        type: "lb_cookie",
        enabled: true,
        cookieDuration: 3600,
      });
    }
    for (const name of ["platform-production", "platform-test"]) {
      expect(JSON.stringify(only(recording, ruleType, name).inputs)).not.to.include("stickiness");
    }
  });

  it("matches a prefix and what is below it, and nothing that begins like it", async () => {
    const { inputs } = only(await create({ path: "/api" }), ruleType, "platform-production");
    expect(inputs.conditions).to.deep.equal([{ pathPattern: { values: ["/api", "/api/*"] } }]);
  });
});
