import { expect } from "chai";
import { driftOf, type Standing } from "../../../provider/ecs/drift.ts";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { sharesOf } from "../../../provider/ecs/trafficRule.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { ecsDeployment } from "./support/ecsDeployment.ts";
import { FakeEcs } from "./support/fakeEcs.ts";
import { FakeElb, groupArn, productionRule, splitting } from "./support/fakeElb.ts";

describe("driftOf", () => {
  const standing: Standing = {
    service: "platform",
    rule: productionRule,
    shares: new Map([
      [groupArn("a"), 100],
      [groupArn("b"), 0],
    ]),
    liveGroup: groupArn("a"),
    desired: 2,
    tasks: { min: 2, max: 4 },
  };
  const textsOf = (changes: Partial<Standing>) =>
    driftOf({ ...standing, ...changes }).map(({ text }) => text);

  it("finds nothing where everything is as it was left", () => {
    expect(textsOf({})).to.deep.equal([]);
    expect([2, 3, 4].flatMap((desired) => textsOf({ desired }))).to.deep.equal([]);
  });

  it("names weights, what they should be, and the mend", () => {
    const shares = sharesOf(splitting({ a: 700, b: 300 }));
    expect(textsOf({ shares })).to.deep.equal([
      'production traffic of platform: is a 70 %, b 30 %, should be a 100 %, which is what ECS has live; "pulumi up --refresh" puts it back',
    ]);
  });

  it("names all traffic at the wrong group, at a foreign one, and at nobody", () => {
    const cases: Record<string, number>[] = [{ b: 1 }, { c: 5 }, { a: 0, b: 0 }];
    const found = cases.map((weights) => textsOf({ shares: sharesOf(splitting(weights)) }).join());
    expect(found.map((text) => /is (.*), should be a 100 %/.exec(text)?.[1])).to.deep.equal([
      "b 100 %",
      "c 100 %",
      "forwarded to nobody",
    ]);
  });

  it("names a rule that is gone", () => {
    expect(textsOf({ shares: undefined })).to.deep.equal([
      `production traffic of platform: rule ${productionRule} does not exist, should be a 100 %, which is what ECS has live; "pulumi up --refresh" makes it again`,
    ]);
  });

  it("does not judge traffic where nothing is live", () => {
    expect(textsOf({ liveGroup: undefined, shares: undefined })).to.deep.equal([]);
  });

  it("names a number of tasks outside the limits", () => {
    expect([0, 1, 5].map((desired) => textsOf({ desired }).join())).to.deep.equal(
      [0, 1, 5].map(
        (desired) =>
          `number of tasks of platform: is ${desired}, should be 2 to 4, the limits of its scaling; "pulumi up --refresh" puts it back`,
      ),
    );
  });
});

describe("drift on ECS", () => {
  const never = new AbortController().signal;
  let ecs: FakeEcs;
  let elb: FakeElb;
  let controller: EcsDeploymentController;

  beforeEach(() => {
    const clock = new FakeClock();
    ecs = new FakeEcs(clock);
    elb = new FakeElb();
    const args = { deployment: ecsDeployment(), live: undefined };
    controller = new EcsDeploymentController(args, ecs, async () => elb, clock);
    ecs.deploy(1, { status: "SUCCESSFUL" });
    ecs.service = { ...ecs.service, desiredCount: 2 };
    ecs.revisions.set("revision/1", {
      serviceRevisionArn: "revision/1",
      resolvedConfiguration: { loadBalancers: [{ targetGroupArn: groupArn("a") }] },
    });
  });

  it("is none at rest", async () => {
    expect(await controller.drift(never)).to.deep.equal([]);
    await controller.repair(never);
    expect([elb.log, ecs.log]).to.deep.equal([[], []]);
  });

  it("is found, and put back: traffic to what is live, tasks into the limits", async () => {
    elb.actions = splitting({ b: 30, a: 70 });
    ecs.service = { ...ecs.service, desiredCount: 9 };
    expect(await controller.drift(never)).to.have.length(2);
    await controller.repair(never);
    expect(elb.actions).to.deep.equal(splitting({ a: 100, b: 0 }));
    expect(ecs.log).to.deep.equal(["scale platform to 4"]);
  });

  it("is none while a deployment is in flight, and nothing is put back then", async () => {
    elb.actions = splitting({ a: 90, b: 10 });
    ecs.deploy(2);
    expect(await controller.drift(never)).to.deep.equal([]);
    await controller.repair(never);
    expect(elb.log).to.deep.equal([]);
  });

  it("is none where the deployment began while it was looked for", async () => {
    elb.actions = splitting({ a: 90, b: 10 });
    const { describeRules } = elb;
    elb.describeRules = async (input) => {
      const rules = await describeRules(input);
      if (ecs.deployments.length === 1) ecs.deploy(2);
      return rules;
    };
    expect(await controller.drift(never)).to.deep.equal([]);
  });

  it("is not put back onto a group without a healthy target", async () => {
    elb.actions = splitting({ a: 0, b: 100 });
    elb.healthy.delete("a");
    expect(await failureOf(controller.repair(never))).to.match(
      /^drift: production traffic of platform can't go back to a, .* no healthy target/,
    );
    expect(elb.log).to.deep.equal([]);
  });

  it("of a rule that is gone can't be put back, and says how", async () => {
    elb.actions = undefined;
    expect((await controller.drift(never)).join()).to.contain("does not exist");
    expect(await failureOf(controller.repair(never))).to.contain('"pulumi up --refresh"');
  });

  it("is judged by what is live, not by the one that failed after it", async () => {
    ecs.deploy(2, { status: "ROLLBACK_SUCCESSFUL" });
    ecs.service = { ...ecs.service, desiredCount: 2 };
    expect(await controller.drift(never)).to.deep.equal([]);
  });

  it("is judged by what runs where ECS has forgotten its deployments", async () => {
    ecs.deployments.length = 0;
    elb.actions = splitting({ b: 1, a: 0 });
    ecs.service = {
      ...ecs.service,
      deployments: [{ taskDefinition: "platform:1", rolloutState: "COMPLETED" }],
      currentServiceRevisions: [{ arn: "revision/1" }],
    };
    expect((await controller.drift(never)).join()).to.contain("is b 100 %, should be a 100 %");
  });

  it("knows the one group of a rolling service", async () => {
    ecs.revisions.set("revision/1", { loadBalancers: [{ targetGroupArn: groupArn("a") }] });
    elb.actions = [{ Type: "forward", TargetGroupArn: groupArn("a") }];
    expect(await controller.drift(never)).to.deep.equal([]);
  });

  it("is none before the first release and without a service", async () => {
    ecs.deployments.length = 0;
    elb.actions = splitting({ a: 1, b: 1 });
    expect(await controller.drift(never)).to.deep.equal([]);
    ecs.service = undefined;
    expect(await controller.drift(never)).to.deep.equal([]);
  });
});
