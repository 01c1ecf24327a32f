import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "chai";
import type { LoadBalancing } from "../../../rehearsal/cloud/elb/loadBalancing.ts";
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

describe("listeners and rules", function () {
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

  function rule(conditions: RuleCondition[], weights: Record<string, number>, priority = 7) {
    return elb.createRule({
      ListenerArn: front.listener,
      Priority: priority,
      Conditions: conditions,
      Actions: forwardTo(weights),
    });
  }

  const everyPath: RuleCondition[] = [{ Field: "path-pattern", Values: ["/*"] }];

  it("keeps a target group that a rule names, at whatever weight", async () => {
    const arn = await makeRule(cloud, front.listener, { [blue]: 100, [green]: 0 });
    await expectRefusal(
      elb.deleteTargetGroup({ TargetGroupArn: green }),
      "ResourceInUse",
      /in use by a listener or a rule/,
    );
    await elb.deleteRule({ RuleArn: arn });
    await elb.deleteTargetGroup({ TargetGroupArn: green });
    await expectRefusal(
      elb.describeTargetGroups({ TargetGroupArns: [green] }),
      "TargetGroupNotFound",
      /not found/,
    );
  });

  it("lets one load balancer only use a target group", async () => {
    await makeRule(cloud, front.listener, { [blue]: 1 });
    const second = await makeFront(cloud, "second");
    await expectRefusal(
      elb.modifyListener({
        ListenerArn: second.listener,
        DefaultActions: forwardTo({ [blue]: 1 }),
      }),
      "TargetGroupAssociationLimit",
      /one only/,
    );
  });

  it("keeps priorities unique, when rules swap theirs too", async () => {
    const first = await makeRule(cloud, front.listener, { [blue]: 1 }, { priority: 1 });
    const second = await makeRule(cloud, front.listener, { [green]: 1 }, { priority: 2 });
    await expectRefusal(rule(everyPath, { [blue]: 1 }, 2), "PriorityInUse", /'2'/);
    await expectRefusal(
      elb.setRulePriorities({ RulePriorities: [{ RuleArn: first, Priority: 2 }] }),
      "PriorityInUse",
      /'2'/,
    );
    await elb.setRulePriorities({
      RulePriorities: [
        { RuleArn: first, Priority: 2 },
        { RuleArn: second, Priority: 1 },
      ],
    });
    const { Rules } = await elb.describeRules({ ListenerArn: front.listener });
    expect(Rules?.map(({ RuleArn, Priority }) => [RuleArn, Priority]).slice(0, 2)).to.eql([
      [second, "1"],
      [first, "2"],
    ]);
    expect(Rules?.at(-1)).to.include({ Priority: "default", IsDefault: true });
  });

  it("limits a rule's weights and groups", async () => {
    await expectRefusal(rule(everyPath, { [blue]: 1000 }), "ValidationError", /'1000'.*0 to 999/);
    await expectRefusal(rule(everyPath, { [blue]: -1 }), "ValidationError", /'-1'/);
    const many = Object.fromEntries(["1", "2", "3", "4", "5", "6"].map((name) => [name, 1]));
    await expectRefusal(rule(everyPath, many), "TooManyTargetGroups", /5 target groups, not 6/);
  });

  it("leaves default rules alone", async () => {
    const { Rules } = await elb.describeRules({ ListenerArn: front.listener });
    const RuleArn = Rules?.at(-1)?.RuleArn;
    await expectRefusal(elb.deleteRule({ RuleArn }), "OperationNotPermitted", /deleted/);
    await expectRefusal(
      elb.modifyRule({ RuleArn, Actions: forwardTo({ [blue]: 1 }) }),
      "OperationNotPermitted",
      /modified/,
    );
  });

  it("refuses a second listener on a port", () =>
    expectRefusal(
      elb.createListener({
        LoadBalancerArn: front.loadBalancer,
        Port: 80,
        Protocol: "HTTP",
        DefaultActions: forwardTo({ [blue]: 1 }),
      }),
      "DuplicateListener",
      /port 80/,
    ));

  it("answers rules as the API does, and not with what it works on itself", async () => {
    const arn = await makeRule(cloud, front.listener, { [blue]: 3 });
    const { Rules } = await elb.describeRules({ RuleArns: [arn] });
    const [described] = Rules ?? [];
    expect(described?.Actions).to.eql([
      {
        Type: "forward",
        Order: 1,
        TargetGroupArn: blue,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: blue, Weight: 3 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ]);
    expect(described?.Conditions).to.eql([
      { Field: "path-pattern", Values: ["/*"], PathPatternConfig: { Values: ["/*"] } },
    ]);
    described?.Actions?.pop();
    expect((await elb.describeRules({ RuleArns: [arn] })).Rules?.[0]?.Actions).to.have.lengthOf(1);
  });

  it("redirects, and answers by itself", async () => {
    await elb.createRule({
      ListenerArn: front.listener,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", Values: ["/old/*"] }],
      Actions: [
        {
          Type: "redirect",
          RedirectConfig: { StatusCode: "HTTP_301", Protocol: "HTTPS", Port: "443" },
        },
      ],
    });
    const moved = await ask(`${front.url}/old/x?y=1`);
    expect(moved.status).to.equal(301);
    expect(moved.headers.location).to.equal("https://127.0.0.1:443/old/x?y=1");
    expect((await ask(`${front.url}/new`)).status).to.equal(404);
  });

  it("serves a second listener on a port of its own", async () => {
    const { Listeners } = await elb.createListener({
      LoadBalancerArn: front.loadBalancer,
      Port: 8080,
      Protocol: "HTTP",
      DefaultActions: [
        {
          Type: "fixed-response",
          FixedResponseConfig: { StatusCode: "200", MessageBody: "second" },
        },
      ],
    });
    const url = elb.listenerUrl(Listeners?.[0]?.ListenerArn ?? "");
    expect((await ask(`${url}/x`)).body).to.equal("second");
    expect((await ask(`${front.url}/x`)).status).to.equal(404);
  });
});
