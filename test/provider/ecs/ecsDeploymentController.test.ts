import { expect } from "chai";
import type { DeploymentEvent } from "../../../provider/deploymentController.ts";
import {
  EcsDeploymentController,
  type EcsControllerArgs,
} from "../../../provider/ecs/ecsDeploymentController.ts";
import { rollBackInFlight } from "../../../provider/ecs/stopInFlight.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { ecsDeployment } from "./support/ecsDeployment.ts";
import { FakeElb } from "./support/fakeElb.ts";
import { cluster, FakeEcs, family, namedError, pausedAt } from "./support/fakeEcs.ts";

describe("EcsDeploymentController", () => {
  const never = new AbortController().signal;
  let clock: FakeClock;
  let ecs: FakeEcs;
  let elb: FakeElb;

  beforeEach(() => {
    elb = new FakeElb();
    clock = new FakeClock();
    ecs = new FakeEcs(clock);
  });

  function controller(
    number: number,
    expectsDeployment = false,
    changes: Partial<EcsControllerArgs["deployment"]> = {},
  ): EcsDeploymentController {
    const deployment = ecsDeployment({ taskDefinition: family + number, ...changes });
    const live = {
      release: "1",
      revision: family + number,
      configuration: expectsDeployment ? "another" : deployment.configuration,
      since: "2030-01-01T00:00:00.000Z",
    };
    return new EcsDeploymentController({ deployment, live }, ecs, async () => elb, clock);
  }

  async function begun(number: number) {
    const deployment = await controller(number).begin(never);
    if (!deployment) throw new Error("expected a deployment");
    return deployment;
  }

  describe("begin", () => {
    it("adopts the deployment that brings the task definition", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2);
      expect((await begun(2)).id).to.equal("deployment/2");
      expect(ecs.log).to.deep.equal([]);
    });

    it("has nothing to do for a release that is live", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      expect(await controller(1).begin(never)).to.equal(undefined);
      expect(ecs.log).to.deep.equal([]);
    });

    it("waits until ECS shows what it has accepted", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.service = { ...ecs.service, taskDefinition: `${family}2` };
      void clock.sleep(20).then(() => ecs.deploy(2));
      expect((await begun(2)).id).to.equal("deployment/2");
      expect(ecs.log).to.deep.equal([]);
    });

    it("deploys again, explicitly, what ECS has rolled back", async () => {
      ecs.deploy(2, { status: "ROLLBACK_SUCCESSFUL" });
      ecs.deploy(1, { status: "SUCCESSFUL" });
      expect((await begun(2)).id).to.equal("deployment/3");
      expect(ecs.log).to.deep.equal([`update platform ${family}2 force=true`]);
    });

    it("deploys again the network that ECS has rolled back, not only the task definition", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      const tried = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-2"] } };
      ecs.deploy(1, { status: "ROLLBACK_SUCCESSFUL", targetServiceRevision: { arn: "tried/1" } });
      ecs.revisions.set("tried/1", { networkConfiguration: tried });
      const deployment = await controller(1, true).begin(never);
      expect(deployment?.id).to.equal("deployment/3");
      expect(ecs.log).to.deep.equal([
        `update platform ${family}1 force=true network=${JSON.stringify(tried)}`,
      ]);
    });

    it("finds the new deployment of the same task definition", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      void clock.sleep(10).then(() => ecs.deploy(1));
      const deployment = await controller(1, true).begin(never);
      expect(deployment?.id).to.equal("deployment/2");
    });

    it("waits out a deployment that is being undone", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      const undone = ecs.deploy(2, { status: "ROLLBACK_IN_PROGRESS" });
      void clock.sleep(120).then(() => {
        undone.status = "ROLLBACK_SUCCESSFUL";
      });
      expect((await begun(2)).id).to.equal("deployment/3");
    });

    it("refuses to push somebody else's deployment aside", async () => {
      ecs.deploy(3);
      expect(await failureOf(controller(2).begin(never))).to.contain(
        `another deployment is in flight: deployment/1 of ${family}3`,
      );
      expect(ecs.log).to.deep.equal([]);
    });

    it("says when there is no service", async () => {
      ecs.service = undefined;
      expect(await failureOf(controller(1).begin(never))).to.contain(
        `there is no ECS service platform in ${cluster}`,
      );
    });

    it("rolls back what it was waiting for, when it is called off", async () => {
      const abort = new AbortController();
      ecs.service = { ...ecs.service, taskDefinition: `${family}2` };
      const beginning = controller(2).begin(abort.signal);
      void clock.sleep(7).then(() => {
        ecs.deploy(2);
        abort.abort(new Error("called off"));
      });
      expect(await failureOf(beginning)).to.equal("called off");
      expect(ecs.log).to.deep.equal(["stop deployment/1 ROLLBACK"]);
    });
  });

  describe("following", () => {
    it("tells stages, pauses and the end, and answers by the hook", async () => {
      const deployment = ecs.deploy(2);
      ecs.onLook = (_found, looks) => {
        if (looks === 4) Object.assign(deployment, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
        if (looks === 8) deployment.status = "SUCCESSFUL";
      };
      const following = await begun(2);
      const events: DeploymentEvent[] = [];
      for (;;) {
        const event = await following.next(never);
        events.push(event);
        if (event.kind === "checkpoint") await following.answer(event, "continue");
        if (event.kind === "ended") break;
      }
      expect(events.map(({ kind }) => kind)).to.deep.equal([
        "progress",
        "checkpoint",
        "progress",
        "ended",
      ]);
      expect(ecs.log).to.deep.equal(["CONTINUE h1 of deployment/1"]);
    });

    it("gives up a scale-up at its limit, in ECS's own words", async () => {
      ecs.deploy(2, { targetServiceRevision: { arn: "revision/2", requestedTaskCount: 2 } });
      ecs.service = { ...ecs.service, events: [{ message: "unable to place a task" }] };
      ecs.tasks = [
        {
          taskArn: "task/1",
          taskDefinitionArn: `${family}2`,
          stoppedReason: "Essential container in task exited",
          containers: [{ name: "platform", exitCode: 1 }],
        },
        { taskArn: "task/2", taskDefinitionArn: `${family}1`, stoppedReason: "Scaling activity" },
      ];
      const started = clock.now();
      const following = await begun(2);
      await following.next(never);
      expect(await failureOf(following.next(never))).to.equal(
        "scale-up: 0 of 2 tasks running, not all healthy after 15 min; ECS: Essential container in task exited, platform exit code 1; unable to place a task",
      );
      expect(clock.now() - started).to.be.within(15 * 60_000, 15 * 60_000 + 10_000);
    });

    it("takes a lost answer to its answer for accepted", async () => {
      ecs.deploy(2, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
      const following = await begun(2);
      const event = await following.next(never);
      if (event.kind !== "checkpoint") throw new Error("expected a checkpoint");
      await following.answer(event, "continue");
      ecs.failures.set("continueServiceDeployment", [namedError("InvalidParameterException")]);
      await following.answer(event, "continue");
    });

    it("does not take a refused answer for accepted", async () => {
      ecs.deploy(2, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
      const following = await begun(2);
      const event = await following.next(never);
      if (event.kind !== "checkpoint") throw new Error("expected a checkpoint");
      ecs.failures.set("continueServiceDeployment", [
        namedError("InvalidParameterException", "no"),
      ]);
      expect(await failureOf(following.answer(event, "continue"))).to.equal("no");
    });

    it("says when ECS has forgotten the deployment", async () => {
      ecs.deploy(2);
      const following = await begun(2);
      ecs.deployments.length = 0;
      expect(await failureOf(following.next(never))).to.contain("does not know deployment/1");
    });
  });

  describe("rollBack", () => {
    it("is content with a deployment that is being undone already", async () => {
      const deployment = ecs.deploy(2);
      const following = await begun(2);
      deployment.status = "ROLLBACK_IN_PROGRESS";
      ecs.failures.set("stopServiceDeployment", [namedError("ConflictException")]);
      await following.rollBack("test");
    });

    it("is not content with one that has succeeded", async () => {
      const deployment = ecs.deploy(2);
      const following = await begun(2);
      deployment.status = "SUCCESSFUL";
      ecs.failures.set("stopServiceDeployment", [namedError("ConflictException", "too late")]);
      expect(await failureOf(following.rollBack("test"))).to.equal(
        "too late (the deployment is SUCCESSFUL)",
      );
    });
  });

  describe("live", () => {
    it("is the target of the last deployment that succeeded", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2, { status: "SUCCESSFUL" });
      ecs.deploy(3, { status: "ROLLBACK_SUCCESSFUL" });
      ecs.deploy(4);
      const live = await controller(4).live();
      expect(live).to.include({ release: "release-2", revision: `${family}2` });
    });

    it("is the candidate as soon as it has most of the traffic", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2, {
        targetServiceRevision: { arn: "revision/2", requestedProductionTrafficWeight: 100 },
        sourceServiceRevisions: [{ arn: "revision/1", requestedProductionTrafficWeight: 0 }],
      });
      expect((await controller(2).live())?.release).to.equal("release-2");
    });

    it("is nothing before the first success, and without a service", async () => {
      ecs.deploy(1);
      expect(await controller(1).live()).to.equal(undefined);
      ecs.service = undefined;
      expect(await controller(1).live()).to.equal(undefined);
    });

    it("is what a service runs whose deployments ECS has forgotten", async () => {
      const completed = { taskDefinition: `${family}1`, rolloutState: "COMPLETED" } as const;
      ecs.service = { ...ecs.service, deployments: [completed] };
      expect((await controller(1).live())?.revision).to.equal(`${family}1`);
    });
  });

  describe("rollBackInFlight", () => {
    const address = { cluster, service: "platform" };

    it("rolls back what goes forward and waits for its end", async () => {
      const deployment = ecs.deploy(2);
      ecs.stopServiceDeployment = async () => {
        deployment.status = "ROLLBACK_IN_PROGRESS";
        void clock.sleep(300).then(() => {
          deployment.status = "ROLLBACK_SUCCESSFUL";
        });
        return {};
      };
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
