import { expect } from "chai";
import type { DeploymentEvent } from "../../../provider/deploymentController.ts";
import { failureOf } from "../support/failureOf.ts";
import type { FakeClock } from "../support/fakeClock.ts";
import { EcsRig } from "./support/ecsRig.ts";
import { type FakeEcs, family, namedError, pausedAt } from "./support/fakeEcs.ts";
import { groupArn } from "./support/fakeElb.ts";

describe("EcsDeployment", () => {
  let rig: EcsRig;
  let ecs: FakeEcs;
  let clock: FakeClock;
  const never = new AbortController().signal;

  beforeEach(() => {
    rig = new EcsRig();
    ({ ecs, clock } = rig);
  });

  describe("following", () => {
    it("tells stages, pauses and the end, and answers by the hook", async () => {
      const deployment = ecs.deploy(2);
      ecs.onLook = (_found, looks) => {
        if (looks === 4) Object.assign(deployment, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
        if (looks === 8) deployment.status = "SUCCESSFUL";
      };
      const following = await rig.begun(2);
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
      const following = await rig.begun(2);
      await following.next(never);
      expect(await failureOf(following.next(never))).to.equal(
        "scale-up: 0 of 2 tasks running, not all healthy after 15 min; ECS: Essential container in task exited, platform exit code 1; unable to place a task",
      );
      expect(clock.now() - started).to.be.within(15 * 60_000, 15 * 60_000 + 10_000);
    });

    it("takes a lost answer to its answer for accepted", async () => {
      ecs.deploy(2, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
      const following = await rig.begun(2);
      const event = await following.next(never);
      if (event.kind !== "checkpoint") throw new Error("expected a checkpoint");
      await following.answer(event, "continue");
      ecs.failures.set("continueServiceDeployment", [namedError("InvalidParameterException")]);
      await following.answer(event, "continue");
    });

    it("does not take a refused answer for accepted", async () => {
      ecs.deploy(2, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
      const following = await rig.begun(2);
      const event = await following.next(never);
      if (event.kind !== "checkpoint") throw new Error("expected a checkpoint");
      ecs.failures.set("continueServiceDeployment", [
        namedError("InvalidParameterException", "no"),
      ]);
      expect(await failureOf(following.answer(event, "continue"))).to.equal("no");
    });

    it("says when ECS has forgotten the deployment", async () => {
      ecs.deploy(2);
      const following = await rig.begun(2);
      ecs.deployments.length = 0;
      expect(await failureOf(following.next(never))).to.contain("does not know deployment/1");
    });
  });

  describe("sides", () => {
    it("are the groups that ECS has resolved, not those of the settings", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2);
      rig.inGroup(1, "b");
      rig.inGroup(2, "a");
      const sides = await (await rig.begun(2)).sides(never);
      expect(sides).to.deep.equal({ candidate: groupArn("a"), live: groupArn("b") });
    });

    it("are not those of a release that failed in between", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(3, { status: "STOPPED" });
      ecs.deploy(2);
      rig.inGroup(1, "a");
      rig.inGroup(3, "c");
      rig.inGroup(2, "b");
      const sides = await (await rig.begun(2)).sides(never);
      expect(sides).to.deep.equal({ candidate: groupArn("b"), live: groupArn("a") });
    });

    it("stay what they were, when the candidate has become live", async () => {
      ecs.deploy(1, { status: "SUCCESSFUL" });
      const deployment = ecs.deploy(2);
      rig.inGroup(1, "a");
      rig.inGroup(2, "b");
      const following = await rig.begun(2);
      deployment.status = "SUCCESSFUL";
      const sides = { candidate: groupArn("b"), live: groupArn("a") };
      expect(await following.sides(never)).to.deep.equal(sides);
    });

    it("have no live one before the first success", async () => {
      ecs.deploy(1, { status: "ROLLBACK_FAILED" });
      ecs.deploy(2);
      rig.inGroup(2, "b");
      const sides = await (await rig.begun(2)).sides(never);
      expect(sides).to.deep.equal({ candidate: groupArn("b") });
    });

    it("are waited for until ECS has decided, and not for ever", async () => {
      ecs.deploy(2);
      const following = await rig.begun(2);
      void clock.sleep(20).then(() => rig.inGroup(2, "b"));
      expect((await following.sides(never)).candidate).to.equal(groupArn("b"));
      ecs.deployments.length = 0;
      ecs.deploy(3);
      expect(await failureOf((await rig.begun(3)).sides(never))).to.equal(
        "deployment: ECS names no target group of deployment/1",
      );
    });

    it("are one group where a rolling deployment mixes both", async () => {
      const loadBalancers = [{ targetGroupArn: groupArn("a") }];
      ecs.revisions.set("revision/1", { loadBalancers });
      ecs.revisions.set("revision/2", { loadBalancers });
      ecs.deploy(1, { status: "SUCCESSFUL" });
      ecs.deploy(2);
      const sides = await (await rig.begun(2)).sides(never);
      expect(sides).to.deep.equal({ candidate: groupArn("a"), live: groupArn("a") });
    });
  });

  describe("rollBack", () => {
    it("is content with a deployment that is being undone already", async () => {
      const deployment = ecs.deploy(2);
      const following = await rig.begun(2);
      deployment.status = "ROLLBACK_IN_PROGRESS";
      ecs.failures.set("stopServiceDeployment", [namedError("ConflictException")]);
      await following.rollBack("test");
    });

    it("is not content with one that has succeeded", async () => {
      const deployment = ecs.deploy(2);
      const following = await rig.begun(2);
      deployment.status = "SUCCESSFUL";
      ecs.failures.set("stopServiceDeployment", [namedError("ConflictException", "too late")]);
      expect(await failureOf(following.rollBack("test"))).to.equal(
        "too late (the deployment is SUCCESSFUL)",
      );
    });
  });
});
