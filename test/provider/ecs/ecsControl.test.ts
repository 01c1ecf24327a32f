import { expect } from "chai";
import { EcsControl } from "../../../provider/ecs/ecsControl.ts";
import { writeRunner } from "../../../provider/runnerNote.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { cluster, FakeEcs, family, namedError, pausedAt } from "./support/fakeEcs.ts";
import { FakeElb, groupArn, productionRule, splitting } from "./support/fakeElb.ts";

describe("EcsControl", () => {
  let clock: FakeClock;
  let ecs: FakeEcs;
  let elb: FakeElb;
  let control: EcsControl;

  beforeEach(() => {
    clock = new FakeClock();
    ecs = new FakeEcs(clock);
    elb = new FakeElb();
    control = new EcsControl({ cluster, service: "platform" }, ecs, async () => elb, clock);
    for (const [number, group] of [
      [1, "a"],
      [2, "b"],
    ] as const) {
      const arn = `revision/${number}`;
      const loadBalancers = [
        { targetGroupArn: groupArn(group), productionListenerRule: productionRule },
      ];
      ecs.revisions.set(arn, {
        serviceRevisionArn: arn,
        resolvedConfiguration: { loadBalancers },
      });
    }
  });

  const counts = { requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 };

  /** Release 1 is live, and release 2 waits for the verdict on its bake. */
  function baking() {
    ecs.deploy(1, { status: "SUCCESSFUL" });
    const pause = pausedAt("POST_PRODUCTION_TRAFFIC_SHIFT", "h1");
    const [hook] = pause.lifecycleHookDetails;
    const expiresAt = new Date("2030-01-01T01:00:00.000Z");
    return ecs.deploy(2, {
      ...pause,
      lifecycleHookDetails: [{ ...hook, expiresAt, timeoutAction: "ROLLBACK" }],
      targetServiceRevision: { arn: "revision/2", ...counts },
      sourceServiceRevisions: [{ arn: "revision/1", ...counts, runningTaskCount: 1 }],
    });
  }

  describe("status", () => {
    it("is nothing at all before the first deployment", async () => {
      expect(await control.status()).to.deep.equal({
        live: undefined,
        candidate: undefined,
        runner: undefined,
        hold: undefined,
        drift: [],
      });
    });

    it("tells both sides, the stage and the pause, by the rule's real weights", async () => {
      baking();
      elb.actions = splitting({ a: 25, b: 75 });
      elb.healthy.delete("b");
      const { live, candidate } = await control.status();
      expect(live).to.deep.equal({
        release: "release-1",
        revision: `${family}1`,
        since: "2030-01-01T00:00:00.000Z",
        weight: 25,
        tasks: { wanted: 2, running: 1, pending: 0 },
        targets: { healthy: 1, registered: 1 },
      });
      expect(candidate).to.deep.equal({
        release: "release-2",
        revision: `${family}2`,
        since: "2030-01-01T00:00:00.001Z",
        weight: 75,
        tasks: { wanted: 2, running: 2, pending: 0 },
        targets: { healthy: 0, registered: 1 },
        deployment: "deployment/2",
        status: "IN_PROGRESS",
        statusReason: undefined,
        stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
        isUndone: false,
        timesOut: true,
        checkpoint: {
          stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
          until: "2030-01-01T01:00:00.000Z",
          atTimeout: "ROLLBACK",
        },
      });
    });

    it("tells what is being undone, with ECS's reason", async () => {
      const deployment = baking();
      deployment.status = "ROLLBACK_IN_PROGRESS";
      deployment.statusReason = "stopped by a request";
      deployment.lifecycleHookDetails = [];
      const { candidate } = await control.status();
      expect(candidate).to.include({ isUndone: true, statusReason: "stopped by a request" });
      expect(candidate?.checkpoint).to.equal(undefined);
    });

    it("divides a rolling service's traffic by its tasks", async () => {
      baking();
      const loadBalancers = [{ targetGroupArn: groupArn("a") }];
      for (const arn of ["revision/1", "revision/2"]) {
        ecs.revisions.set(arn, { serviceRevisionArn: arn, loadBalancers });
      }
      const { live, candidate } = await control.status();
      expect([live?.weight, candidate?.weight]).to.deep.equal([33.3, 66.7]);
    });

    it("tells who follows and who holds, for as long as a claim counts", async () => {
      baking();
      const since = clock.now();
      const note = { by: "alice", since, until: since + 90_000, run: "1" };
      ecs.tags.set("rollout:platform:runner", writeRunner(note));
      await control.hold("bob");
      const at = new Date(since).toISOString();
      expect(await control.status()).to.deep.include({
        runner: { by: "alice", since: at },
        hold: { by: "bob", since: at },
      });
      await clock.sleep(91);
      expect((await control.status()).runner).to.equal(undefined);
    });

    it("tells weights that were changed by hand", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      elb.actions = splitting({ a: 50, b: 50 });
      const { live, drift } = await control.status();
      expect(live?.weight).to.equal(50);
      expect(drift.join()).to.contain("is a 50 %, b 50 %");
    });
  });

  describe("hold", () => {
    it("is a tag of the cluster, and an earlier one stays", async () => {
      const since = new Date(clock.now()).toISOString();
      expect(await control.hold("bob (CI)")).to.deep.equal({ by: "bob CI", since });
      await clock.sleep(60);
      expect(await control.hold("carol")).to.deep.equal({ by: "bob CI", since });
      expect(ecs.tags.get("rollout:platform:hold")).to.equal(`bob CI since ${since}`);
    });

    it("is taken off, and says whose it was", async () => {
      await control.hold("bob");
      expect((await control.clearHold())?.by).to.equal("bob");
      expect(ecs.tags.size).to.equal(0);
      expect(await control.clearHold()).to.equal(undefined);
    });

    it("may have been written by hand", async () => {
      ecs.tags.set("rollout:platform:hold", "please wait");
      expect(await control.hold("bob")).to.deep.equal({ by: "please wait", since: "unknown" });
    });
  });

  describe("promoteNow", () => {
    it("continues the pause that is open", async () => {
      baking();
      await control.promoteNow("ada");
      expect(ecs.log).to.deep.equal(["CONTINUE h1 of deployment/2"]);
    });

    it("says where the deployment is when it waits for nothing", async () => {
      ecs.deploy(2);
      expect(await failureOf(control.promoteNow("ada"))).to.equal(
        "deployment: deployment/1 waits for no verdict: it is IN_PROGRESS at SCALE_UP",
      );
    });

    it("says when nothing is under way", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      expect(await failureOf(control.promoteNow("ada"))).to.equal(
        "deployment: nothing is under way for platform",
      );
    });
  });

  describe("abortNow", () => {
    it("answers the pause that is open", async () => {
      baking();
      await control.abortNow("ada");
      expect(ecs.log).to.deep.equal(["ROLLBACK h1 of deployment/2"]);
    });

    it("stops a deployment that is not in a pause", async () => {
      ecs.deploy(2);
      await control.abortNow("ada");
      expect(ecs.log).to.deep.equal(["stop deployment/1 ROLLBACK"]);
    });

    it("stops it, too, when somebody else has answered its pause", async () => {
      baking();
      ecs.failures.set("continueServiceDeployment", [namedError("InvalidParameterException")]);
      await control.abortNow("ada");
      expect(ecs.log).to.deep.equal(["stop deployment/2 ROLLBACK"]);
    });

    it("says when it is being undone already", async () => {
      ecs.deploy(2, { status: "ROLLBACK_IN_PROGRESS" });
      expect(await failureOf(control.abortNow("ada"))).to.equal(
        "deployment: deployment/1 of platform is being undone already (ROLLBACK_IN_PROGRESS)",
      );
    });
  });
});
