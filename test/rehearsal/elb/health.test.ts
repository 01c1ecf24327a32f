import { expect } from "chai";
import { until } from "../processes/until.ts";
import { BackendServer } from "./backendServer.ts";
import { ask } from "./client.ts";
import {
  type Cloud,
  makeFront,
  makeGroup,
  makeRule,
  openCloud,
  reachesState,
  register,
  registerHealthy,
  stateOf,
} from "./cloud.ts";

describe("target health", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let a: BackendServer;
  let b: BackendServer;
  let groups = 0;

  before(async () => {
    cloud = await openCloud({ speed: 60 });
  });

  after(() => cloud.close());

  beforeEach(async () => {
    a = await BackendServer.start("a");
    b = await BackendServer.start("b");
  });

  afterEach(async () => {
    await Promise.all([a.close(), b.close()]);
  });

  /** A group that takes all traffic of a load balancer of its own. */
  async function serving(options: Parameters<typeof makeGroup>[2] = {}) {
    groups += 1;
    const front = await makeFront(cloud, `front-${groups}`);
    const group = await makeGroup(cloud, `group-${groups}`, options);
    await makeRule(cloud, front.listener, { [group]: 1 });
    return { front, group };
  }

  /** The states that a target went through, by the journal. */
  function statesOf({ Id, Port }: { Id: string; Port: number }): string[] {
    return cloud.journal.events.flatMap((event) =>
      event.kind === "target" && event.target === `${Id}:${Port}` ? [event.state] : [],
    );
  }

  it("takes one success for a new target, whatever the threshold", async () => {
    const { group } = await serving({ healthyThreshold: 10 });
    const target = await register(cloud, group, a.port);
    expect((await stateOf(cloud, group, target))?.State).to.be.oneOf(["initial", "healthy"]);
    await reachesState(cloud, group, target, "healthy");
    expect(a.probes).to.be.below(4);
    expect(statesOf(target)).to.eql(["initial", "healthy"]);
  });

  it("counts failures and successes in a row from then on", async () => {
    const { group } = await serving({ healthyThreshold: 4, unhealthyThreshold: 3 });
    const target = await registerHealthy(cloud, group, a.port);
    a.ready = 503;
    a.probes = 0;
    await reachesState(cloud, group, target, "unhealthy");
    expect(a.probes).to.be.at.least(3);
    expect(await stateOf(cloud, group, target)).to.eql({
      State: "unhealthy",
      Reason: "Target.ResponseCodeMismatch",
      Description: "Health checks failed with these codes: [503]",
    });
    a.ready = 200;
    a.probes = 0;
    await reachesState(cloud, group, target, "healthy");
    expect(a.probes).to.be.at.least(4);
    expect(statesOf(target)).to.eql(["initial", "healthy", "unhealthy", "healthy"]);
  });

  it("keeps requests from an unhealthy target while another one is healthy", async () => {
    const { front, group } = await serving();
    const target = await register(cloud, group, a.port);
    await registerHealthy(cloud, group, b.port);
    a.ready = 500;
    await reachesState(cloud, group, target, "unhealthy");
    a.requests = 0;
    for (let count = 0; count < 20; count += 1) await ask(`${front.url}/x`);
    expect(a.requests).to.equal(0);
    expect(b.requests).to.equal(20);
  });

  it("fails open when every target is unhealthy", async () => {
    const { front, group } = await serving();
    a.ready = 500;
    b.ready = 500;
    const targets = [await register(cloud, group, a.port), await register(cloud, group, b.port)];
    for (const target of targets) {
      await reachesState(cloud, group, target, "unhealthy");
    }
    for (let count = 0; count < 20; count += 1) {
      expect((await ask(`${front.url}/x`)).status).to.equal(200);
    }
    expect(a.requests).to.equal(10);
    expect(b.requests).to.equal(10);
  });

  it("calls a target that nobody answers for timed out", async () => {
    const { group } = await serving();
    const target = { Id: "10.9.9.9", Port: 8000 };
    await cloud.loadBalancing.registerTargets({ TargetGroupArn: group, Targets: [target] });
    await reachesState(cloud, group, target, "unhealthy");
    expect((await stateOf(cloud, group, target))?.Reason).to.equal("Target.Timeout");
  });

  it("calls a refused connection a failed check", async () => {
    const { group } = await serving();
    const target = await register(cloud, group, 1);
    await reachesState(cloud, group, target, "unhealthy");
    expect((await stateOf(cloud, group, target))?.Reason).to.equal("Target.FailedHealthChecks");
  });

  it("probes nothing before a rule names the group, and stops when none does any more", async () => {
    groups += 1;
    const front = await makeFront(cloud, `front-${groups}`);
    const group = await makeGroup(cloud, `group-${groups}`);
    const target = await register(cloud, group, a.port);
    expect(await stateOf(cloud, group, target)).to.include({
      State: "unused",
      Reason: "Target.NotInUse",
    });
    const rule = await makeRule(cloud, front.listener, { [group]: 0 });
    await reachesState(cloud, group, target, "healthy");
    await cloud.loadBalancing.deleteRule({ RuleArn: rule });
    await reachesState(cloud, group, target, "unused");
    const { probes } = a;
    const other = await register(cloud, (await serving()).group, b.port);
    await until(async () => statesOf(other).includes("healthy") && b.probes >= 3);
    expect(a.probes).to.equal(probes);
  });

  it("registers a target again while its first registration is draining", async () => {
    const { front, group } = await serving({ delaySeconds: 60 });
    const target = await registerHealthy(cloud, group, a.port);
    const targets = { TargetGroupArn: group, Targets: [target] };
    await cloud.loadBalancing.deregisterTargets(targets);
    expect((await ask(`${front.url}/x`)).status).to.equal(503);
    await cloud.loadBalancing.registerTargets(targets);
    await reachesState(cloud, group, target, "healthy");
    expect((await ask(`${front.url}/x`)).status).to.equal(200);
    await until(() => statesOf(target).includes("gone"));
    expect((await stateOf(cloud, group, target))?.State).to.equal("healthy");
    expect((await ask(`${front.url}/x`)).status).to.equal(200);
  });
});
