import type {
  CreateTargetGroupInput,
  RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "chai";
import type { LoadBalancing } from "../../../rehearsal/cloud/elb/loadBalancing.ts";
import { until } from "../processes/until.ts";
import { ask } from "./client.ts";
import {
  type Cloud,
  type Front,
  forwardTo,
  makeFront,
  makeGroup,
  makeRule,
  openCloud,
} from "./cloud.ts";
import { expectRefusal } from "./refusal.ts";

describe("Elastic Load Balancing API", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let elb: LoadBalancing;
  let front: Front;
  let blue: string;
  let green: string;

  beforeEach(async () => {
    cloud = await openCloud();
    elb = cloud.loadBalancing;
    front = await makeFront(cloud);
    blue = await makeGroup(cloud, "blue");
    green = await makeGroup(cloud, "green");
  });

  afterEach(() => cloud.close());

  function group(changes: Partial<CreateTargetGroupInput>) {
    return elb.createTargetGroup({
      Name: "other",
      Protocol: "HTTP",
      Port: 8000,
      VpcId: "vpc-1",
      TargetType: "ip",
      ...changes,
    });
  }

  function rule(conditions: RuleCondition[], weights: Record<string, number>, priority = 7) {
    return elb.createRule({
      ListenerArn: front.listener,
      Priority: priority,
      Conditions: conditions,
      Actions: forwardTo(weights),
    });
  }

  const everyPath: RuleCondition[] = [{ Field: "path-pattern", Values: ["/*"] }];

  it("refuses a load balancer's name that is taken, unless the request is the same", async () => {
    const same = await elb.createLoadBalancer({ Name: "front", Subnets: ["subnet-a", "subnet-b"] });
    expect(same.LoadBalancers?.[0]?.LoadBalancerArn).to.equal(front.loadBalancer);
    await expectRefusal(
      elb.createLoadBalancer({ Name: "front", Subnets: ["subnet-a", "subnet-c"] }),
      "DuplicateLoadBalancerName",
      /'front'/,
    );
  });

  it("refuses a target group's name that is taken", () =>
    expectRefusal(group({ Name: "blue" }), "DuplicateTargetGroupName", /'blue'/));

  it("limits names", async () => {
    await expectRefusal(group({ Name: "x".repeat(33) }), "ValidationError", /'32' characters/);
    await expectRefusal(group({ Name: "a_b" }), "ValidationError", /alphanumeric/);
    await expectRefusal(group({ Name: "a-" }), "ValidationError", /hyphen/);
    expect((await group({ Name: "x".repeat(32) })).TargetGroups).to.have.lengthOf(1);
  });

  it("wants two subnets", () =>
    expectRefusal(
      elb.createLoadBalancer({ Name: "x", Subnets: ["subnet-a"] }),
      "InvalidSubnet",
      /two subnets/,
    ));

  const limits: [Partial<CreateTargetGroupInput>, RegExp][] = [
    [{ HealthCheckIntervalSeconds: 4 }, /interval '4'.*5 to 300/],
    [{ HealthCheckIntervalSeconds: 301 }, /interval '301'/],
    [{ HealthCheckTimeoutSeconds: 1 }, /timeout '1'.*2 to 120/],
    [{ HealthCheckTimeoutSeconds: 30 }, /timeout \(30 s\) must be smaller/],
    [{ HealthyThresholdCount: 1 }, /Healthy threshold '1'.*2 to 10/],
    [{ UnhealthyThresholdCount: 11 }, /Unhealthy threshold '11'/],
    [{ HealthCheckPath: "ready" }, /begin with a '\/'/],
    [{ Matcher: { HttpCode: "200-599" } }, /'200-599'.*'200-499'/],
    [{ Port: 0 }, /Port '0'/],
    [{ VpcId: undefined }, /VPC/],
  ];
  for (const [changes, message] of limits) {
    it(`limits a target group's ${JSON.stringify(changes)}`, () =>
      expectRefusal(group(changes), "ValidationError", message));
  }

  it("says what is not rehearsed", async () => {
    await expectRefusal(group({ TargetType: "instance" }), "NotRehearsed", /'instance'.*use ip/);
    await expectRefusal(group({ Protocol: "HTTPS" }), "NotRehearsed", /'HTTPS'/);
    const listener = elb.createListener({
      LoadBalancerArn: front.loadBalancer,
      Port: 443,
      Protocol: "HTTPS",
      DefaultActions: forwardTo({ [blue]: 1 }),
    });
    await expectRefusal(listener, "NotRehearsed", /'HTTPS'/);
    const sticky = elb.modifyTargetGroupAttributes({
      TargetGroupArn: blue,
      Attributes: [{ Key: "stickiness.type", Value: "app_cookie" }],
    });
    await expectRefusal(sticky, "NotRehearsed", /stickiness/);
    await expectRefusal(
      rule([{ Field: "source-ip", Values: ["10.0.0.0/8"] }], { [blue]: 1 }),
      "NotRehearsed",
      /source-ip/,
    );
  });

  it("knows its attributes, and sets all or none", async () => {
    const call = elb.modifyTargetGroupAttributes({
      TargetGroupArn: blue,
      Attributes: [
        { Key: "deregistration_delay.timeout_seconds", Value: "5" },
        { Key: "deregistration.delay", Value: "5" },
      ],
    });
    await expectRefusal(call, "ValidationError", /'deregistration.delay' is not recognized/);
    const { Attributes } = await elb.describeTargetGroupAttributes({ TargetGroupArn: blue });
    expect(Attributes).to.deep.include({
      Key: "deregistration_delay.timeout_seconds",
      Value: "60",
    });
  });

  it("refuses references to what does not exist", async () => {
    const nowhere = `${blue}x`;
    await expectRefusal(rule(everyPath, { [nowhere]: 1 }), "TargetGroupNotFound", /not found/);
    await expectRefusal(
      elb.registerTargets({ TargetGroupArn: nowhere, Targets: [{ Id: "10.0.0.1" }] }),
      "TargetGroupNotFound",
      /not found/,
    );
    await expectRefusal(elb.describeRules({ RuleArns: ["x"] }), "RuleNotFound", /'x'/);
    await expectRefusal(elb.describeTargetGroups({ Names: ["x"] }), "TargetGroupNotFound", /'x'/);
    await expectRefusal(elb.deleteListener({ ListenerArn: "x" }), "ListenerNotFound", /'x'/);
  });

  it("takes private addresses only", async () => {
    const register = (Id: string) =>
      elb.registerTargets({ TargetGroupArn: blue, Targets: [{ Id }] });
    await expectRefusal(register("i-123"), "InvalidTarget", /not a valid IPv4/);
    await expectRefusal(register("8.8.8.8"), "InvalidTarget", /private/);
    await register("10.0.0.1");
    const { TargetHealthDescriptions } = await elb.describeTargetHealth({ TargetGroupArn: blue });
    expect(TargetHealthDescriptions?.[0]?.Target).to.eql({ Id: "10.0.0.1", Port: 8000 });
  });

  it("names the load balancer that uses a target group", async () => {
    const users = async () =>
      (await elb.describeTargetGroups({ Names: ["blue"] })).TargetGroups?.[0]?.LoadBalancerArns;
    expect(await users()).to.eql([]);
    await makeRule(cloud, front.listener, { [blue]: 0, [green]: 1 });
    expect(await users()).to.eql([front.loadBalancer]);
  });

  it("gives the same ARNs for the same seed, in whatever order things are made", async () => {
    const other = await openCloud({ seed: 1 });
    const third = await openCloud({ seed: 2 });
    try {
      expect(await makeGroup(other, "green")).to.equal(green);
      expect(await makeGroup(other, "blue")).to.equal(blue);
      expect(await makeGroup(third, "blue")).not.to.equal(blue);
    } finally {
      await other.close();
      await third.close();
    }
  });

  it("leaves nothing when all is deleted, and its port is closed", async () => {
    await makeRule(cloud, front.listener, { [blue]: 1 });
    expect(elb.inventory()).to.have.lengthOf(6);
    await elb.modifyLoadBalancerAttributes({
      LoadBalancerArn: front.loadBalancer,
      Attributes: [{ Key: "deletion_protection.enabled", Value: "true" }],
    });
    const input = { LoadBalancerArn: front.loadBalancer };
    await expectRefusal(elb.deleteLoadBalancer(input), "OperationNotPermitted", /protection/);
    await elb.modifyLoadBalancerAttributes({
      ...input,
      Attributes: [{ Key: "deletion_protection.enabled", Value: "false" }],
    });
    await elb.deleteLoadBalancer(input);
    await elb.deleteTargetGroup({ TargetGroupArn: blue });
    await elb.deleteTargetGroup({ TargetGroupArn: green });
    expect(elb.inventory()).to.eql([]);
    await until(() =>
      ask(front.url).then(
        () => false,
        (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED",
      ),
    );
  });
});
