import type { Deployment } from "../../../../provider/deploymentController.ts";
import { EcsDeploymentController } from "../../../../provider/ecs/ecsDeploymentController.ts";
import { FakeClock } from "../../support/fakeClock.ts";
import { type EcsDeploymentArgs, ecsDeployment } from "./ecsDeployment.ts";
import { FakeEcs, family } from "./fakeEcs.ts";
import { FakeElb, groupArn } from "./fakeElb.ts";

/** A controller and everything that it talks to, in memory. */
export class EcsRig {
  readonly clock = new FakeClock();
  readonly ecs = new FakeEcs(this.clock);
  readonly elb = new FakeElb();
  readonly never = new AbortController().signal;

  /** @param expectsDeployment - whether the state says that another configuration is live. */
  controller(
    number: number,
    expectsDeployment = false,
    changes: Partial<EcsDeploymentArgs> = {},
  ): EcsDeploymentController {
    const deployment = ecsDeployment({ taskDefinition: family + number, ...changes });
    const live = {
      release: `release-${number}`,
      revision: family + number,
      configuration: expectsDeployment ? "another" : deployment.configuration,
      since: "2030-01-01T00:00:00.000Z",
    };
    const args = { deployment, live };
    return new EcsDeploymentController(args, this.ecs, async () => this.elb, this.clock);
  }

  /** The deployment that brings a task definition. */
  async begun(number: number, changes: Partial<EcsDeploymentArgs> = {}): Promise<Deployment> {
    const deployment = await this.controller(number, false, changes).begin(this.never);
    if (!deployment) throw new Error("expected a deployment");
    return deployment;
  }

  /** What ECS has resolved for a revision, by the group's name. */
  inGroup(number: number, name: string): void {
    this.ecs.revisions.set(`revision/${number}`, {
      resolvedConfiguration: { loadBalancers: [{ targetGroupArn: groupArn(name) }] },
    });
  }
}
