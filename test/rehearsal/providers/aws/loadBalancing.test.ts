import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { scaledClock } from "../../../../provider/clock.ts";
import { LoadBalancing } from "../../../../rehearsal/cloud/elb/loadBalancing.ts";
import { Journal } from "../../../../rehearsal/cloud/journal.ts";
import type { Processes } from "../../../../rehearsal/processes/processes.ts";
import { openProcesses } from "../../../../rehearsal/processes/supervisor.ts";
import { openCloud, type TestCloud } from "../cloud.ts";

const headerValue = "only-who-knows-this-gets-in";

describe("load balancing through the engine", () => {
  let folder: string;
  let processes: Processes;
  let loadBalancing: LoadBalancing;
  let cloud: TestCloud;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "load-balancing-"));
    processes = await openProcesses({ runDir: folder });
    const epoch = Date.now();
    const clock = scaledClock({ speed: 30, epoch });
    const journal = new Journal(clock);
    loadBalancing = await LoadBalancing.start({
      processes,
      clock,
      journal,
      epoch,
      speed: 30,
      seed: 1,
    });
    cloud = await openCloud({ loadBalancing });
  });
  after(async () => {
    await cloud?.close();
    await loadBalancing?.close();
    await processes?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("makes all of it, and nothing changes the second time", async () => {
    const ended = await cloud.up(program({}));
    expect(ended.error).to.equal("");
    expect(ended.outputs.dnsName?.value).to.match(/^127\.0\.0\.1:\d+$/);
    expect(ended.outputs.arnSuffix?.value).to.match(/^app\/front-[0-9a-f]{7}\//);
    const { Rules = [] } = await loadBalancing.describeRules({
      RuleArns: [ended.outputs.rule?.value],
    });
    const [{ Priority, Conditions = [] } = {}] = Rules;
    expect(Priority).to.equal("10");
    expect(Conditions.map(({ Field }) => Field)).to.have.members(["path-pattern", "http-header"]);
    expect((await cloud.preview(program({}))).steps.every(isSame)).to.equal(true);
  });

  it("keeps the header's value out of the state", () => {
    expect(cloud.rawState()).to.include("x-test");
    expect(cloud.rawState()).not.to.include(headerValue);
  });

  it("shows in a refresh the weights that somebody else has set", async () => {
    const rule = await ruleArn(cloud);
    const [a = "", b = ""] = await groupArns(loadBalancing);
    const TargetGroups = [
      { TargetGroupArn: a, Weight: 0 },
      { TargetGroupArn: b, Weight: 100 },
    ];
    await loadBalancing.modifyRule({
      RuleArn: rule,
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    });
    const refreshed = await cloud.refresh();
    expect(refreshed.error).to.equal("");
    expect(refreshed.steps).to.include("update rule");
    expect(await weights(cloud)).to.deep.equal([0, 100]);
  });

  it("leaves them alone when the program ignores them, and keeps them in other updates", async () => {
    const ignored = program({ priority: 11, ignoreChanges: ["actions"] });
    expect((await cloud.preview(ignored)).diffs.rule).to.deep.equal(["priority"]);
    expect((await cloud.up(ignored)).error).to.equal("");
    const { Rules = [] } = await loadBalancing.describeRules({ RuleArns: [await ruleArn(cloud)] });
    expect(Rules[0]?.Priority).to.equal("11");
    const groups = Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    expect(groups.map(({ Weight }) => Weight)).to.have.members([0, 100]);
  });

  it("shows them as a change when it does not", async () => {
    const previewed = await cloud.preview(program({ priority: 11 }));
    expect(previewed.diffs.rule).to.have.length(2);
    for (const path of previewed.diffs.rule ?? []) expect(path).to.match(/^actions\[0\].*weight$/);
  });

  it("refuses a load balancer that logs to a bucket without a policy for it", async () => {
    const ended = await cloud.up(program({ priority: 11, logs: true }));
    expect(ended.error).to.include("InvalidConfigurationRequest: ");
    expect(ended.error).to.include("logdelivery.elasticloadbalancing.amazonaws.com");
  });

  it("keeps clients with their targets as long as the program says so", async () => {
    const attributes = async () => {
      const [group = ""] = await groupArns(loadBalancing);
      const { Attributes = [] } = await loadBalancing.describeTargetGroupAttributes({
        TargetGroupArn: group,
      });
      const values = new Map(Attributes.map(({ Key, Value }) => [Key, Value]));
      const key = (name: string) => values.get(`stickiness.${name}`);
      return [key("enabled"), key("type"), key("lb_cookie.duration_seconds")];
    };
    expect((await cloud.up(program({ priority: 11, sticky: true }))).error).to.equal("");
    expect(await attributes()).to.deep.equal(["true", "lb_cookie", "600"]);
    expect((await cloud.up(program({ priority: 11 }))).error).to.equal("");
    expect((await attributes())[0]).to.equal("false");
  });

  it("deletes all of it", async () => {
    const ended = await cloud.destroy();
    expect(ended.error).to.equal("");
    expect(cloud.world.inventory()).to.deep.equal([]);
  });
});

interface Variant {
  priority?: number;
  ignoreChanges?: string[];
  logs?: boolean;
  sticky?: boolean;
}

function program({ priority = 10, ignoreChanges = [], logs = false, sticky = false }: Variant) {
  return async () => {
    const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
    const subnets = ["a", "b"].map(
      (zone, index) =>
        new aws.ec2.Subnet(`public-${zone}`, {
          vpcId: vpc.id,
          availabilityZone: `eu-central-1${zone}`,
          cidrBlock: `10.0.${index}.0/24`,
        }),
    );
    const group = new aws.ec2.SecurityGroup("front", { vpcId: vpc.id });
    const bucket = logs ? new aws.s3.Bucket("logs") : undefined;
    const loadBalancer = new aws.lb.LoadBalancer("front", {
      subnets: subnets.map(({ id }) => id),
      securityGroups: [group.id],
      idleTimeout: 120,
      ...(bucket ? { accessLogs: { bucket: bucket.bucket, enabled: true } } : {}),
    });
    const listener = new aws.lb.Listener("http", {
      loadBalancerArn: loadBalancer.arn,
      port: 80,
      defaultActions: [
        { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
      ],
    });
    const [a, b] = ["a", "b"].map(
      (name) =>
        new aws.lb.TargetGroup(name, {
          vpcId: vpc.id,
          port: 80,
          protocol: "HTTP",
          targetType: "ip",
          deregistrationDelay: 60,
          ...(sticky ? { stickiness: { type: "lb_cookie", cookieDuration: 600 } } : {}),
          healthCheck: { path: "/health", interval: 5, timeout: 2 },
        }),
    );
    if (!a || !b) throw new Error("two names make two groups");
    const rule = new aws.lb.ListenerRule(
      "rule",
      {
        listenerArn: listener.arn,
        priority,
        conditions: [
          { pathPattern: { values: ["/*"] } },
          { httpHeader: { httpHeaderName: "x-test", values: [pulumi.secret(headerValue)] } },
        ],
        actions: [
          {
            type: "forward",
            forward: {
              targetGroups: [
                { arn: a.arn, weight: 100 },
                { arn: b.arn, weight: 0 },
              ],
            },
          },
        ],
      },
      { ignoreChanges },
    );
    return { dnsName: loadBalancer.dnsName, arnSuffix: loadBalancer.arnSuffix, rule: rule.arn };
  };
}

function isSame(step: string): boolean {
  return step.startsWith("same ");
}

async function ruleArn(cloud: TestCloud): Promise<string> {
  const rule = (await cloud.resources()).find(({ type }) => type.endsWith(":ListenerRule"));
  return rule?.id ?? "";
}

/** Of `a` and `b`, in this order. */
async function groupArns(loadBalancing: LoadBalancing): Promise<string[]> {
  const { TargetGroups = [] } = await loadBalancing.describeTargetGroups({});
  return TargetGroups.map(({ TargetGroupArn = "" }) => TargetGroupArn).toSorted();
}

/** What the state says, in the program's order of the groups. */
async function weights(cloud: TestCloud): Promise<number[]> {
  const rule = (await cloud.resources()).find(({ type }) => type.endsWith(":ListenerRule"));
  const actions = (rule?.inputs?.actions ?? []) as {
    forward: { targetGroups: { arn: string; weight: number }[] };
  }[];
  return actions
    .flatMap(({ forward }) => forward.targetGroups)
    .toSorted((one, other) => (one.arn < other.arn ? -1 : 1))
    .map(({ weight }) => weight);
}
