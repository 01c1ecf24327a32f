import { expect } from "chai";
import { sessionHeaders, sessionOf } from "../../../rehearsal/cloud/elb/proxy/stickiness.ts";
import { until } from "../processes/until.ts";
import { BackendServer } from "./backendServer.ts";
import { ask } from "./client.ts";
import {
  type Cloud,
  type Front,
  forwardTo,
  makeFront,
  makeGroup,
  makeRule,
  openCloud,
  reachesState,
  registerHealthy,
} from "./cloud.ts";
import { expectRefusal } from "./refusal.ts";

describe("sticky sessions", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let front: Front;
  let group: string;
  let rule: string;
  let a: BackendServer;
  let b: BackendServer;
  let targetA: { Id: string; Port: number };
  let fronts = 0;

  before(async () => {
    cloud = await openCloud();
  });
  after(() => cloud.close());

  beforeEach(async () => {
    fronts += 1;
    a = await BackendServer.start("a");
    b = await BackendServer.start("b");
    front = await makeFront(cloud, `sticky-${fronts}`);
    group = await makeGroup(cloud, `sticky-${fronts}`, { delaySeconds: 600 });
    rule = await makeRule(cloud, front.listener, { [group]: 1 });
    targetA = await registerHealthy(cloud, group, a.port);
    await registerHealthy(cloud, group, b.port);
    await stick(3600);
  });
  afterEach(() => Promise.all([a.close(), b.close()]));

  const stick = (seconds: number) =>
    cloud.loadBalancing.modifyTargetGroupAttributes({
      TargetGroupArn: group,
      Attributes: [
        { Key: "stickiness.enabled", Value: "true" },
        { Key: "stickiness.type", Value: "lb_cookie" },
        { Key: "stickiness.lb_cookie.duration_seconds", Value: String(seconds) },
      ],
    });

  /** Asks with a cookie; says who answered, and with which cookie to go on. */
  async function visit(cookie = ""): Promise<{ by: unknown; cookie: string }> {
    const { headers } = await ask(`${front.url}/x`, { headers: cookie ? { cookie } : {} });
    const set = [headers["set-cookie"] ?? []].flat();
    return {
      by: headers["x-release-id"],
      cookie: set.map((one) => one.split(";")[0]).join("; "),
    };
  }

  /** A client whose target is `a`. */
  async function clientOfA(): Promise<string> {
    for (;;) {
      const { by, cookie } = await visit();
      if (by === "a") return cookie;
    }
  }

  async function visitors(cookie: string, count = 6): Promise<unknown[]> {
    const answers = [];
    for (let visits = 0; visits < count; visits += 1) answers.push((await visit(cookie)).by);
    return answers;
  }

  it("keep a client with its target, by either cookie", async () => {
    const cookie = await clientOfA();
    expect(cookie).to.match(/^AWSALB=[^;]+; AWSALBCORS=[^;]+$/);
    for (const one of [cookie, cookie.split("; ")[1] ?? ""]) {
      expect(await visitors(one)).to.deep.equal(Array(6).fill("a"));
    }
    expect(await visitors("")).to.include.members(["a", "b"]);
  });

  it("end with the group's duration", async () => {
    const cookie = await clientOfA();
    await stick(1);
    await until(async () => (await visit(cookie)).by === "b");
  });

  it("move on when the target is draining, and stay where they went", async () => {
    const cookie = await clientOfA();
    await cloud.loadBalancing.deregisterTargets({ TargetGroupArn: group, Targets: [targetA] });
    const moved = await visit(cookie);
    expect(moved.by).to.equal("b");
    expect(await visitors(moved.cookie)).to.deep.equal(Array(6).fill("b"));
  });

  it("move on when the target is unhealthy", async () => {
    const cookie = await clientOfA();
    await a.close();
    await reachesState(cloud, group, targetA, "unhealthy");
    expect(await visitors(cookie)).to.deep.equal(Array(6).fill("b"));
  });

  it("hold nobody on a group that has lost its weight", async () => {
    const other = await makeGroup(cloud, `other-${fronts}`);
    await cloud.loadBalancing.modifyRule({
      RuleArn: rule,
      Actions: forwardTo({ [group]: 1, [other]: 0 }),
    });
    const c = await BackendServer.start("c");
    await registerHealthy(cloud, other, c.port);
    const cookie = await clientOfA();
    await cloud.loadBalancing.modifyRule({
      RuleArn: rule,
      Actions: forwardTo({ [group]: 0, [other]: 1 }),
    });
    expect(await visitors(cookie)).to.deep.equal(Array(6).fill("c"));
    await c.close();
  });

  it("are not set without the attribute, and never by an application's cookie", async () => {
    await cloud.loadBalancing.modifyTargetGroupAttributes({
      TargetGroupArn: group,
      Attributes: [{ Key: "stickiness.enabled", Value: "false" }],
    });
    expect((await visit()).cookie).to.equal("");
    const byApplication = cloud.loadBalancing.modifyTargetGroupAttributes({
      TargetGroupArn: group,
      Attributes: [{ Key: "stickiness.type", Value: "app_cookie" }],
    });
    await expectRefusal(byApplication, "NotRehearsed", /app_cookie/);
  });
});

describe("sessionOf", () => {
  it("reads what sessionHeaders wrote, among other cookies", () => {
    const session = { group: "arn:x", target: "10.0.0.1:8000#2", at: 1234.5 };
    const [, cookie = ""] = sessionHeaders(session);
    expect(sessionOf(`a=b; ${cookie.split(";")[0]}; c=d`)).to.deep.equal(session);
  });

  it("knows nothing of what it cannot read", () => {
    for (const cookies of [undefined, "", "a=b", "AWSALB=", "AWSALB=nonsense"]) {
      expect(sessionOf(cookies)).to.equal(undefined);
    }
  });
});
