import type { Task } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { failedTaskLimit, tasksFailedSince } from "../../../provider/ecs/failedTasks.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { ecsDeployment } from "./support/ecsDeployment.ts";
import { FakeEcs, family } from "./support/fakeEcs.ts";
import { FakeElb } from "./support/fakeElb.ts";

describe("tasks that fail", () => {
  const never = new AbortController().signal;

  it("end a scale-up long before its limit", async () => {
    const clock = new FakeClock();
    const ecs = new FakeEcs(clock);
    ecs.deploy(2, { targetServiceRevision: { arn: "revision/2", requestedTaskCount: 2 } });
    const failing = (failedTasks: number) => {
      const deployments = [
        { status: "PRIMARY", taskDefinition: `${family}2`, desiredCount: 2, failedTasks },
        { status: "ACTIVE", taskDefinition: `${family}1`, desiredCount: 2, failedTasks: 9 },
      ];
      ecs.service = { ...ecs.service, deployments };
    };
    failing(2);
    const started = clock.now();
    void clock.sleep(60).then(() => failing(3));
    const deployment = ecsDeployment({ taskDefinition: `${family}2` });
    const controller = new EcsDeploymentController(
      { deployment, live: undefined },
      ecs,
      async () => new FakeElb(),
      clock,
    );
    const following = await controller.begin(never);
    if (!following) throw new Error("expected a deployment");
    await following.next(never);
    expect(await failureOf(following.next(never))).to.match(
      /^scale-up: 3 tasks failed, 3 are too many of 2; 0 of 2 are running/,
    );
    expect(clock.now() - started).to.be.within(60_000, 70_000);
  });

  it("are those that ECS does not count, too: healthy ones that ended by themselves", async () => {
    const ecs = new FakeEcs(new FakeClock());
    const primary = { id: "ecs-svc/2", status: "PRIMARY", taskDefinition: `${family}2` };
    ecs.service = {
      ...ecs.service,
      deployments: [{ ...primary, desiredCount: 2, failedTasks: 0 }],
    };
    const stopped = (minute: number, stoppedReason: string, change: Partial<Task> = {}): Task => ({
      taskArn: `task/${minute}`,
      taskDefinitionArn: `${family}2`,
      startedBy: "ecs-svc/2",
      stoppedAt: new Date(minute * 60_000),
      stoppedReason,
      stopCode: "ServiceSchedulerInitiated",
      ...change,
    });
    const exited = { stopCode: "EssentialContainerExited" } as const;
    ecs.tasks = [
      stopped(1, "Essential container in task exited", exited),
      stopped(2, "Task failed container health checks"),
      stopped(3, "Scaling activity initiated by (deployment ecs-svc/2)"),
      stopped(4, "Host EC2 (instance i-1) terminated.", { stopCode: "TerminationNotice" }),
      stopped(5, "Essential container in task exited", { ...exited, startedBy: "ecs-svc/1" }),
      stopped(6, "Essential container in task exited", {
        ...exited,
        taskDefinitionArn: `${family}1`,
      }),
    ];
    const address = { cluster: "main", service: "platform" };
    expect(await tasksFailedSince(ecs, address, `${family}2`, never)).to.deep.equal({
      failed: 2,
      limit: 3,
      reasons: "Task failed container health checks; Essential container in task exited",
    });
  });

  it("may be half of the wanted ones, but no fewer than 3 and no more than 200", () => {
    expect([0, 1, 2, 6, 7, 100, 399, 5000].map(failedTaskLimit)).to.deep.equal([
      3, 3, 3, 3, 4, 50, 200, 200,
    ]);
  });
});
