import { expect } from "chai";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { rollBackInFlight } from "../../../provider/ecs/rollBackInFlight.ts";
import type { LiveRelease } from "../../../provider/messages.ts";
import { failureOf } from "../support/failureOf.ts";
import type { FakeClock } from "../support/fakeClock.ts";
import { ecsDeployment } from "./support/ecsDeployment.ts";
import { EcsRig } from "./support/ecsRig.ts";
import { cluster, type FakeEcs, family, namedError } from "./support/fakeEcs.ts";

describe("EcsDeploymentController", () => {
  let rig: EcsRig;
  let ecs: FakeEcs;
  let clock: FakeClock;
  const never = new AbortController().signal;

  beforeEach(() => {
    rig = new EcsRig();
    ({ ecs, clock } = rig);
  });

  describe("begin", () => {
    it("adopts the deployment that brings the task definition", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2);
      expect((await rig.begun(2)).id).to.equal("deployment/2");
      expect(ecs.log).to.deep.equal([]);
    });

    it("has nothing to do for a release that is live", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      expect(await rig.controller(1).begin(never)).to.equal(undefined);
      expect(ecs.log).to.deep.equal([]);
    });

    it("waits until ECS shows what it has accepted", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.service = { ...ecs.service, taskDefinition: `${family}2` };
      void clock.sleep(20).then(() => ecs.deploy(2));
      expect((await rig.begun(2)).id).to.equal("deployment/2");
      expect(ecs.log).to.deep.equal([]);
    });

    it("deploys again, explicitly, what ECS has rolled back", async () => {
      ecs.deploy(2, { status: "ROLLBACK_SUCCESSFUL" });
      ecs.deploy(1, { status: "SUCCESSFUL" });
      expect((await rig.begun(2)).id).to.equal("deployment/3");
      expect(ecs.log).to.deep.equal([`update platform ${family}2 force=true`]);
    });

    it("deploys again the network that ECS has rolled back, not only the task definition", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      const tried = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-2"] } };
      ecs.deploy(1, { status: "ROLLBACK_SUCCESSFUL", targetServiceRevision: { arn: "tried/1" } });
      ecs.revisions.set("tried/1", { networkConfiguration: tried });
      const deployment = await rig.controller(1, true).begin(never);
      expect(deployment?.id).to.equal("deployment/3");
      expect(ecs.log).to.deep.equal([
        `update platform ${family}1 force=true network=${JSON.stringify(tried)}`,
      ]);
    });

    it("finds the new deployment of the same task definition", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      void clock.sleep(10).then(() => ecs.deploy(1));
      const deployment = await rig.controller(1, true).begin(never);
      expect(deployment?.id).to.equal("deployment/2");
    });

    it("waits out a deployment that is being undone", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      const undone = ecs.deploy(2, { status: "ROLLBACK_IN_PROGRESS" });
      void clock.sleep(120).then(() => {
        undone.status = "ROLLBACK_SUCCESSFUL";
      });
      expect((await rig.begun(2)).id).to.equal("deployment/3");
    });

    it("refuses to push somebody else's deployment aside", async () => {
      ecs.deploy(3);
      expect(await failureOf(rig.controller(2).begin(never))).to.contain(
        `another deployment is in flight: deployment/1 of ${family}3`,
      );
      expect(ecs.log).to.deep.equal([]);
    });

    it("says when there is no service", async () => {
      ecs.service = undefined;
      expect(await failureOf(rig.controller(1).begin(never))).to.contain(
        `there is no ECS service platform in ${cluster}`,
      );
    });

    it("rolls back what it was waiting for, when it is called off", async () => {
      const abort = new AbortController();
      ecs.service = { ...ecs.service, taskDefinition: `${family}2` };
      const beginning = rig.controller(2).begin(abort.signal);
      void clock.sleep(7).then(() => {
        ecs.deploy(2);
        abort.abort(new Error("called off"));
      });
      expect(await failureOf(beginning)).to.equal("called off");
      expect(ecs.log).to.deep.equal(["stop deployment/1 ROLLBACK"]);
    });
  });

  describe("begin, of a service that calls others", () => {
    const calls = ["insurance"];

    /** `insurance` is deployed with an endpoint now. */
    const beCalled = () => {
      const arn = "insurance/1";
      ecs.revisions.set(arn, {
        serviceConnectConfiguration: { enabled: true, services: [{ portName: "http" }] },
      });
      const createdAt = new Date(clock.now());
      ecs.others.set("insurance", [{ createdAt, targetServiceRevision: { arn } }]);
    };

    it("follows a deployment that began when all of them could be called", async () => {
      beCalled();
      ecs.deploy(1);
      expect((await rig.begun(1, { calls })).id).to.equal("deployment/1");
      expect(ecs.log).to.deep.equal([]);
    });

    it("deploys again what began before, because its tasks would never find them", async () => {
      ecs.deploy(1);
      await clock.sleep(1);
      beCalled();
      expect((await rig.begun(1, { calls })).id).to.equal("deployment/2");
      expect(ecs.log).to.deep.equal([
        "stop deployment/1 ROLLBACK",
        `update platform ${family}1 force=true`,
      ]);
    });

    it("deploys again what is live since before", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      await clock.sleep(1);
      beCalled();
      expect((await rig.begun(1, { calls })).id).to.equal("deployment/2");
      expect(ecs.log).to.deep.equal([`update platform ${family}1 force=true`]);
      const [, second] = ecs.deployments;
      if (second) second.status = "SUCCESSFUL";
      expect(await rig.controller(1, false, { calls }).begin(never)).to.equal(undefined);
    });
  });

  describe("what the state knows to be live", () => {
    it("decides whether the same task definition is another deployment", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      const deployment = ecsDeployment({ taskDefinition: `${family}1` });
      const live = (configuration: string) => ({
        release: "release-1",
        revision: `${family}1`,
        configuration,
        since: "2030-01-01T00:00:00.000Z",
      });
      const begin = (known: LiveRelease | undefined) =>
        new EcsDeploymentController(
          { deployment, live: known },
          ecs,
          async () => rig.elb,
          clock,
        ).begin(never);
      expect(await begin(live(deployment.configuration))).to.equal(undefined);
      expect(await begin(undefined)).to.equal(undefined);
      expect(ecs.log).to.deep.equal([]);
      // The update of the service failed long ago: nothing is in flight any more.
      expect((await begin(live("network-0")))?.id).to.equal("deployment/2");
      expect(ecs.log).to.deep.equal([`update platform ${family}1 force=true`]);
    });
  });

  describe("claim", () => {
    it("undoes what Pulumi has started when it is called off before it is there", async () => {
      ecs.deploy(2);
      const abort = new AbortController();
      void clock.sleep(1).then(() => abort.abort(new Error("called off")));
      const claiming = rig.controller(2).claim("alice", abort.signal);
      expect(await failureOf(claiming)).to.equal("called off");
      expect(ecs.log).to.deep.equal(["stop deployment/1 ROLLBACK"]);
      expect(ecs.tags.size).to.equal(0);
    });

    it("undoes it when no claim can be written", async () => {
      ecs.deploy(2);
      ecs.failures.set("tagResource", [namedError("AccessDeniedException")]);
      const claiming = rig.controller(2).claim("alice", never);
      expect(await failureOf(claiming)).to.contain("takes ecs:DescribeClusters");
      expect(ecs.log).to.deep.equal(["stop deployment/1 ROLLBACK"]);
    });

    it("leaves it to another runner that refuses us", async () => {
      ecs.deploy(2);
      const claim = await rig.controller(2).claim("alice", never);
      expect(await failureOf(rig.controller(2).claim("bob", never))).to.contain("alice (since");
      expect(ecs.log).to.deep.equal([]);
      await claim.release();
    });

    it("leaves it to the runner that has claimed it", async () => {
      ecs.deploy(2);
      const claim = await rig.controller(2).claim("alice", never);
      const abort = new AbortController();
      void clock.sleep(1).then(() => abort.abort(new Error("called off")));
      expect(await failureOf(rig.controller(2).claim("bob", abort.signal))).to.equal("called off");
      expect(ecs.log).to.deep.equal([]);
      await claim.release();
    });
  });

  describe("hold", () => {
    it("is what somebody has written to the cluster", async () => {
      expect(await rig.controller(1).hold(never)).to.equal(undefined);
      ecs.tags.set("rollout:platform:hold", "bob since 2030-01-01T00:00:00.000Z");
      expect(await rig.controller(1).hold(never)).to.deep.equal({
        by: "bob",
        since: "2030-01-01T00:00:00.000Z",
      });
    });
  });

  describe("live", () => {
    it("is the target of the last deployment that succeeded", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2, { status: "SUCCESSFUL" });
      ecs.deploy(3, { status: "ROLLBACK_SUCCESSFUL" });
      ecs.deploy(4);
      const live = await rig.controller(4).live();
      expect(live).to.include({ release: "release-2", revision: `${family}2` });
    });

    it("is the candidate as soon as it has most of the traffic", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2, {
        targetServiceRevision: { arn: "revision/2", requestedProductionTrafficWeight: 100 },
        sourceServiceRevisions: [{ arn: "revision/1", requestedProductionTrafficWeight: 0 }],
      });
      expect((await rig.controller(2).live())?.release).to.equal("release-2");
    });

    it("is nothing before the first success, and without a service", async () => {
      ecs.deploy(1);
      expect(await rig.controller(1).live()).to.equal(undefined);
      ecs.service = undefined;
      expect(await rig.controller(1).live()).to.equal(undefined);
    });

    it("is what a service runs whose deployments ECS has forgotten", async () => {
      const completed = { taskDefinition: `${family}1`, rolloutState: "COMPLETED" } as const;
      ecs.service = { ...ecs.service, deployments: [completed] };
      expect((await rig.controller(1).live())?.revision).to.equal(`${family}1`);
    });
  });

  describe("rollBackInFlight", () => {
    const address = { cluster, service: "platform" };

    it("rolls back what goes forward and waits for its end", async () => {
      ecs.deploy(2);
      ecs.rollBackSeconds = 300;
      const start = clock.now();
      await rollBackInFlight(ecs, address, clock, never);
      expect(clock.now() - start).to.be.at.least(300_000);
    });

    it("asks even when its signal has aborted, and does not wait then", async () => {
      ecs.deploy(2);
      ecs.stopServiceDeployment = async () => {
        ecs.log.push("stop");
        return {};
      };
      const signal = AbortSignal.abort(new Error("no time"));
      expect(await failureOf(rollBackInFlight(ecs, address, clock, signal))).to.equal("no time");
      expect(ecs.log).to.deep.equal(["stop"]);
    });

    it("does nothing without a service", async () => {
      ecs.service = undefined;
      await rollBackInFlight(ecs, address, clock, never);
    });

    it("names a deployment that does not end", async () => {
      ecs.deploy(2, { status: "ROLLBACK_IN_PROGRESS" });
      expect(await failureOf(rollBackInFlight(ecs, address, clock, never))).to.equal(
        "platform: deployment/1 has not ended 60 min after its roll-back",
      );
    });
  });
});
