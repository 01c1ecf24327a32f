import { expect } from "chai";
import { until } from "../processes/until.ts";
import { BackendServer } from "./backendServer.ts";
import { ask, upload } from "./client.ts";
import {
  type Cloud,
  forwardTo,
  makeFront,
  makeGroup,
  makeRule,
  openCloud,
  registerHealthy,
  stateOf,
} from "./cloud.ts";

describe("traffic through the load balancer", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let a: BackendServer;
  let b: BackendServer;

  before(async () => {
    cloud = await openCloud();
  });

  after(() => cloud.close());

  beforeEach(async () => {
    a = await BackendServer.start("a");
    b = await BackendServer.start("b");
  });

  afterEach(async () => {
    await Promise.all([a.close(), b.close()]);
  });

  let worlds = 0;

  /** Two groups behind a production rule, and a healthy target in each. */
  async function world(weights: [number, number], delaySeconds = 60) {
    worlds += 1;
    const front = await makeFront(cloud, `front-${worlds}`);
    const blue = await makeGroup(cloud, `blue-${worlds}`, { delaySeconds });
    const green = await makeGroup(cloud, `green-${worlds}`, { delaySeconds });
    const rule = await makeRule(cloud, front.listener, { [blue]: weights[0], [green]: weights[1] });
    const [blueTarget, greenTarget] = await Promise.all([
      registerHealthy(cloud, blue, a.port),
      registerHealthy(cloud, green, b.port),
    ]);
    return { front, blue, green, rule, blueTarget, greenTarget };
  }

  it("obeys weights: 100/0 sends nothing to the second group", async () => {
    const { front } = await world([100, 0]);
    for (let count = 0; count < 50; count += 1) {
      expect((await ask(`${front.url}/x`)).body).to.equal("a ");
    }
    expect(b.requests).to.equal(0);
  });

  it("divides traffic by weight", async () => {
    const { front } = await world([30, 10]);
    for (let count = 0; count < 400; count += 1) await ask(`${front.url}/x`);
    expect(a.requests).to.be.within(260, 340);
    expect(b.requests).to.equal(400 - a.requests);
  });

  it("has new weights in force when modifyRule answers, and journals them", async () => {
    const { front, rule, blue, green } = await world([100, 0]);
    await cloud.loadBalancing.modifyRule({
      RuleArn: rule,
      Actions: forwardTo({ [blue]: 0, [green]: 100 }),
    });
    for (let count = 0; count < 20; count += 1) {
      expect((await ask(`${front.url}/x`)).body).to.equal("b ");
    }
    const weights = cloud.journal.events.filter(
      (event) => event.kind === "weights" && event.rule === rule,
    );
    expect(weights.map((event) => "weights" in event && Object.values(event.weights))).to.eql([
      [100, 0],
      [0, 100],
    ]);
  });

  it("keeps an upload going across a weight flip and a drain, and sends it nothing new", async () => {
    const { front, rule, blue, green, blueTarget } = await world([100, 0]);
    const long = upload(`${front.url}/upload`);
    await until(() => a.requests === 1);
    await cloud.loadBalancing.modifyRule({
      RuleArn: rule,
      Actions: forwardTo({ [blue]: 0, [green]: 1 }),
    });
    await cloud.loadBalancing.deregisterTargets({ TargetGroupArn: blue, Targets: [blueTarget] });
    expect((await stateOf(cloud, blue, blueTarget))?.State).to.equal("draining");
    for (let count = 0; count < 20; count += 1) await ask(`${front.url}/x`);
    long.request.end("last");
    expect((await long.answer).body).to.equal("a first last");
    expect(a.requests).to.equal(1);
    await until(async () => (await stateOf(cloud, blue, blueTarget)) === undefined);
  });

  it("cuts what is in flight when the deregistration delay is over", async () => {
    const { front, blue, blueTarget } = await world([1, 0], 3);
    const long = upload(`${front.url}/upload`);
    await until(() => a.requests === 1);
    await cloud.loadBalancing.deregisterTargets({ TargetGroupArn: blue, Targets: [blueTarget] });
    const answer = await long.answer;
    expect(answer.status).to.equal(502);
    expect(answer.headers.server).to.equal("awselb/2.0");
  });
});
