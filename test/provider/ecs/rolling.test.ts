import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { failureOf } from "../support/failureOf.ts";
import type { FakeClock } from "../support/fakeClock.ts";
import { EcsRig } from "./support/ecsRig.ts";
import { type FakeEcs, family } from "./support/fakeEcs.ts";

describe("EcsDeployment", () => {
  let rig: EcsRig;
  let ecs: FakeEcs;
  let clock: FakeClock;
  const never = new AbortController().signal;

  beforeEach(() => {
    rig = new EcsRig();
    ({ ecs, clock } = rig);
  });

  describe("a rolling deployment", () => {
    const rolling = { deploymentConfiguration: { strategy: "ROLLING" } } as const;
    const target = (runningTaskCount: number) => ({
      arn: "revision/2",
      requestedTaskCount: 2,
      runningTaskCount,
    });

    async function followed(changes: Partial<ServiceDeployment> = {}) {
      const made = ecs.deploy(2, { targetServiceRevision: target(0), ...rolling, ...changes });
      delete made.lifecycleStage;
      return { made, deployment: await rig.begun(2, { strategy: "ROLLING" }) };
    }

    it("has no checkpoints, and tells how its tasks come up until its end", async () => {
      const { made, deployment } = await followed();
      expect(deployment.hasCheckpoints).to.equal(false);
      const steps = [
        () => undefined,
        () => Object.assign(made, { targetServiceRevision: target(1) }),
        () => Object.assign(made, { targetServiceRevision: target(2) }),
        () => Object.assign(made, { status: "SUCCESSFUL" }),
      ];
      const told: string[] = [];
      for (const step of steps) {
        step();
        const event = await deployment.next(never);
        told.push(event.kind === "progress" ? event.message : event.kind);
      }
      expect(told).to.deep.equal([
        "ECS: IN_PROGRESS, 0 of 2 tasks running",
        "ECS: IN_PROGRESS, 1 of 2 tasks running",
        "ECS: IN_PROGRESS, 2 of 2 tasks running",
        "ended",
      ]);
    });

    it("leaves failed tasks to ECS's circuit breaker, and says its reason", async () => {
      const breaker = { status: "MONITORING", failureCount: 3, threshold: 3 } as const;
      const { made, deployment } = await followed({ deploymentCircuitBreaker: breaker });
      ecs.service = {
        ...ecs.service,
        deployments: [{ status: "PRIMARY", taskDefinition: `${family}2`, failedTasks: 9 }],
      };
      await deployment.next(never);
      void clock.sleep(60).then(() => {
        made.status = "ROLLBACK_SUCCESSFUL";
        made.rollback = { reason: "Service deployment rolled back." };
        made.deploymentCircuitBreaker = { ...breaker, status: "TRIGGERED" };
      });
      expect(await deployment.next(never)).to.deep.equal({
        kind: "ended",
        outcome: "rolledBack",
        reason:
          "ECS ended it as ROLLBACK_SUCCESSFUL: Service deployment rolled back.: circuit breaker: 3 tasks failed, limit 3",
      });
    });

    it("counts failed tasks itself where there is no circuit breaker", async () => {
      const { deployment } = await followed();
      ecs.service = {
        ...ecs.service,
        deployments: [
          { status: "PRIMARY", taskDefinition: `${family}2`, desiredCount: 2, failedTasks: 3 },
        ],
      };
      await deployment.next(never);
      expect(await failureOf(deployment.next(never))).to.contain("scale-up: 3 tasks failed");
    });

    it("names the alarms by which ECS undid it", async () => {
      const { made, deployment } = await followed();
      made.status = "ROLLBACK_SUCCESSFUL";
      made.alarms = { status: "TRIGGERED", triggeredAlarmNames: ["errors"] };
      const event = await deployment.next(never);
      expect(event.kind === "ended" && event.reason).to.equal(
        "ECS ended it as ROLLBACK_SUCCESSFUL: alarms that ECS watches: errors",
      );
    });

    it("is given up when its tasks run and ECS goes on to want the old ones", async () => {
      const old = { arn: "revision/1", requestedTaskCount: 2 };
      const { deployment } = await followed({
        targetServiceRevision: target(2),
        sourceServiceRevisions: [old],
      });
      await deployment.next(never);
      expect(await failureOf(deployment.next(never))).to.match(
        /^scale-up: 2 of 2 tasks running, not all healthy after 15 min/,
      );
    });

    it("is given up when its tasks do not come up, and not when old ones take long to go", async () => {
      const { deployment } = await followed();
      await deployment.next(never);
      expect(await failureOf(deployment.next(never))).to.match(
        /^scale-up: 0 of 2 tasks running, not all healthy after 15 min/,
      );
      ecs.deployments.length = 0;
      const up = await followed({ targetServiceRevision: target(2) });
      await up.deployment.next(never);
      void clock.sleep(60 * 60).then(() => {
        up.made.status = "SUCCESSFUL";
      });
      expect((await up.deployment.next(never)).kind).to.equal("ended");
    });
  });
});
