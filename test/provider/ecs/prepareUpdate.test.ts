import { expect } from "chai";
import { ClusterTags } from "../../../provider/ecs/clusterTags.ts";
import {
  clearTheWay,
  type ExpectedStanding,
  type PrepareUpdateArgs,
} from "../../../provider/ecs/prepareUpdate.ts";
import { RunnerLease } from "../../../provider/runnerLease.ts";
import { writeRunner } from "../../../provider/runnerNote.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { cluster, FakeEcs, family } from "./support/fakeEcs.ts";
import { FakeElb, groupArn, productionRule, splitting } from "./support/fakeElb.ts";

describe("prepareUpdate", () => {
  const address = { cluster, service: "platform" };
  const minute = 60_000;
  let clock: FakeClock;
  let ecs: FakeEcs;
  let elb: FakeElb;

  beforeEach(() => {
    clock = new FakeClock();
    ecs = new FakeEcs(clock);
    elb = new FakeElb();
    ecs.revisions.set("revision/1", {
      resolvedConfiguration: {
        loadBalancers: [{ targetGroupArn: groupArn("a"), productionListenerRule: productionRule }],
      },
    });
  });

  function prepared(expected?: ExpectedStanding, more: Partial<PrepareUpdateArgs> = {}) {
    const deps = { api: ecs, elb: async () => elb, clock, pollSeconds: 5 };
    return clearTheWay({ ...address, ...(expected && { expected }), ...more }, deps);
  }

  const live = () => ecs.deploy(1, { status: "SUCCESSFUL" });
  /** One that was begun some time ago. */
  const begun = (seconds: number) =>
    ecs.deploy(2, { createdAt: new Date(clock.now() - seconds * 1000) });

  it("has nothing to do for a service at rest", async () => {
    live();
    const start = clock.now();
    await prepared({ revision: `${family}1` });
    expect([ecs.log, elb.log, clock.now() - start]).to.deep.equal([[], [], 0]);
  });

  it("passes a service that has never had anything live, or does not exist", async () => {
    elb.actions = splitting({ a: 1, b: 1 });
    await prepared({ revision: `${family}7` });
    ecs.deploy(1, { status: "ROLLBACK_FAILED" });
    await prepared({ revision: `${family}7` });
    ecs.service = undefined;
    await prepared();
  });

  describe("with somebody else at it", () => {
    let lease: RunnerLease | undefined;
    afterEach(() => lease?.release());

    async function claimed(by: string): Promise<void> {
      const notes = new ClusterTags(ecs, address);
      const never = new AbortController().signal;
      lease = await RunnerLease.take({ service: "platform", notes, clock }, by, never);
    }

    it("refuses, by name and start, and lets the deployment be", async () => {
      live();
      begun(10 * 60);
      const since = new Date(clock.now()).toISOString();
      await claimed("alice@laptop");
      expect(await failureOf(prepared())).to.contain(
        `alice@laptop (since ${since}) is promoting a release of platform already`,
      );
      expect(ecs.log).to.deep.equal([]);
    });

    it("waits for a new deployment's runner to say so, and refuses then", async () => {
      live();
      begun(5);
      void clock.sleep(30).then(() => claimed("alice"));
      expect(await failureOf(prepared())).to.contain("alice (since");
      expect(ecs.log).to.deep.equal([]);
    });
  });

  it("undoes a new deployment that nobody claims within a minute", async () => {
    live();
    begun(5);
    const start = clock.now();
    const said: string[] = [];
    await prepared(undefined, { announce: (text) => said.push(text) });
    expect(ecs.log).to.deep.equal(["stop deployment/2 ROLLBACK"]);
    expect(clock.now() - start).to.be.within(55_000, 65_000);
    expect(said).to.deep.equal([
      `deployment deployment/2 of ${family}2 is undone first: nobody follows it`,
    ]);
  });

  it("undoes an old deployment that nobody follows, and waits for its end", async () => {
    live();
    begun(600);
    ecs.rollBackSeconds = 300;
    const start = clock.now();
    await prepared();
    expect(clock.now() - start).to.be.within(5 * minute, 6 * minute);
  });

  it("undoes what a runner left that died, once its claim runs out", async () => {
    live();
    begun(600);
    const since = clock.now() - minute;
    const note = { by: "alice", since, until: clock.now() + minute, run: "00000000" };
    ecs.tags.set("rollout:platform:runner", writeRunner(note));
    const start = clock.now();
    await prepared();
    expect(ecs.log).to.deep.equal(["stop deployment/2 ROLLBACK"]);
    expect(clock.now() - start).to.be.within(minute, 70_000);
  });

  it("is not held for ever by a deployment that is dated ahead", async () => {
    live();
    begun(-3600);
    const start = clock.now();
    await prepared();
    expect(ecs.log).to.deep.equal(["stop deployment/2 ROLLBACK"]);
    expect(clock.now() - start).to.be.below(3 * minute);
  });

  it("refuses to overwrite weights that were changed by hand", async () => {
    live();
    elb.actions = splitting({ a: 90, b: 10 });
    expect(await failureOf(prepared({ revision: `${family}1` }))).to.equal(
      'drift: production traffic of platform: is a 90 %, b 10 %, should be a 100 %, which is what ECS has live; "pulumi up --refresh" puts it back',
    );
    expect(elb.log).to.deep.equal([]);
  });

  it("refuses to overwrite another live release than the state knows", async () => {
    live();
    expect(await failureOf(prepared({ revision: `${family}9` }))).to.equal(
      `drift: live release of platform: is ${family}1, should be ${family}9 by the last promotion; "pulumi up --refresh" takes it as it is and goes on from there`,
    );
  });

  it("takes what the last update tried for the stack's own, as its runner may have died", async () => {
    live();
    await prepared({ revision: `${family}9`, tried: `${family}1` });
  });

  it("puts back, and says, what a refresh has shown; anything else it refuses", async () => {
    live();
    elb.actions = splitting({ a: 90, b: 10 });
    const revision = `${family}1`;
    const [weights = ""] = (await failureOf(prepared({ revision }))).split("drift: ").slice(1);
    ecs.service = { ...ecs.service, desiredCount: 99 };
    const tasks = { min: 2, max: 4 };
    const known = { revision, drift: [weights] };
    expect(await failureOf(prepared(known, { tasks }))).to.match(
      /^drift: number of tasks .* is 99/,
    );
    expect(elb.log).to.deep.equal([]);
    const said: string[] = [];
    await prepared(known, { announce: (message) => said.push(message) });
    expect(said).to.deep.equal([`changed by hand, and put back: ${weights}`]);
    await prepared();
  });

  it("puts back, and says, what a state without a promotion could not show", async () => {
    live();
    elb.actions = splitting({ a: 90, b: 10 });
    const said: string[] = [];
    await prepared(undefined, { announce: (message) => said.push(message) });
    expect(said.join()).to.match(/^changed by hand, and put back: production traffic/);
    await prepared({ revision: `${family}1` });
  });

  it("leaves the number of tasks alone", async () => {
    live();
    ecs.service = { ...ecs.service, desiredCount: 99 };
    await prepared();
  });

  it("passes a rolling service, whose traffic ECS does not split", async () => {
    live();
    ecs.revisions.set("revision/1", { loadBalancers: [{ targetGroupArn: groupArn("a") }] });
    elb.actions = splitting({ b: 1 });
    await prepared();
  });
});
