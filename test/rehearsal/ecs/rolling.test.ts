import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { breakerThreshold, rollStep } from "../../../rehearsal/cloud/ecs/rolling.ts";
import { expectRefusal } from "../elb/refusal.ts";
import { alternate, primary, productionRule } from "./support/fakeLoadBalancing.ts";
import { advancedConfiguration, gateAndBake, openWorld } from "./support/world.ts";

const breaker = { enable: true, rollback: true };
const rolling: DeploymentConfiguration = { strategy: "ROLLING", deploymentCircuitBreaker: breaker };

describe("a ROLLING deployment", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const live = async (configuration = rolling, options = { advanced: false }) => {
    await world.create("A", configuration, 2, options);
    await world.status("SUCCESSFUL");
  };

  it("replaces tasks in their target group, moves no weight, and knows no stages", async () => {
    await live();
    const before = world.journal.events.length;
    await world.update("B");
    await world.status("SUCCESSFUL");
    expect(world.story(before)).to.deep.equal(["A→B PENDING", "A→B IN_PROGRESS", "A→B SUCCESSFUL"]);
    expect(world.containers.running("A")).to.deep.equal([]);
    expect(world.containers.running("B")).to.have.length(2);
    expect(world.loadBalancing.registered(primary)).to.have.length(2);
    expect(world.loadBalancing.registered(alternate)).to.deep.equal([]);
    const { lifecycleStage, deploymentCircuitBreaker } = await world.newest();
    expect(lifecycleStage).to.equal(undefined);
    expect(deploymentCircuitBreaker).to.deep.equal({
      status: "MONITORING_COMPLETE",
      failureCount: 0,
      threshold: 3,
    });
  });

  it("never has fewer healthy tasks than wanted, nor more than twice as many", async () => {
    await live();
    const counts: { healthy: number; active: number }[] = [];
    const end = world.journal.subscribe((event) => {
      if (event.kind !== "rolling") return;
      counts.push({ healthy: event.healthy + event.old, active: event.old + event.desired });
    });
    await world.update("B");
    await world.status("SUCCESSFUL");
    end();
    expect(counts.length).to.be.greaterThan(1);
    for (const { healthy, active } of counts) {
      expect(healthy).to.be.at.least(2);
      expect(active).to.be.at.most(4);
    }
  });

  it("drains an old task before it is stopped", async () => {
    await live();
    await world.update("B");
    const first = await world.until((event) => event.kind === "rolling" && event.old < 2);
    const stopped = await world.until(
      (event) => event.kind === "task" && event.release === "A" && event.status === "STOPPED",
    );
    expect(stopped.at - first.at).to.be.at.least(60_000);
  });

  it("is rolled back by the circuit breaker; the old tasks are complete again", async () => {
    await live();
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "exits" : "HEALTHY");
    await world.update("B");
    await world.status("ROLLBACK_SUCCESSFUL");
    const { statusReason, deploymentCircuitBreaker } = await world.newest();
    expect(statusReason).to.equal(
      "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    );
    expect(deploymentCircuitBreaker).to.include({ status: "TRIGGERED", threshold: 3 });
    expect(world.containers.running("A")).to.have.length(2);
    expect(world.containers.running("B")).to.deep.equal([]);
    world.containers.fate = () => "HEALTHY";
    await world.update("C");
    await world.status("SUCCESSFUL");
    expect(world.containers.running("C")).to.have.length(2);
  });

  it("goes back step by step when it is stopped half-way", async () => {
    await live();
    let started = 0;
    world.containers.fate = ({ env }) => {
      if (env.RELEASE_ID === "B") started += 1;
      return started > 1 ? "UNKNOWN" : "HEALTHY";
    };
    await world.update("B");
    await world.until((event) => event.kind === "rolling" && event.healthy === 1);
    expect(world.loadBalancing.registered(primary)).to.have.length(3);
    world.containers.fate = () => "HEALTHY";
    const { serviceDeploymentArn } = await world.newest();
    await world.ecs.stopServiceDeployment({ serviceDeploymentArn });
    await world.status("ROLLBACK_SUCCESSFUL");
    expect(world.containers.running("A")).to.have.length(2);
    expect(world.containers.running("B")).to.deep.equal([]);
    expect(world.loadBalancing.registered(primary)).to.have.length(2);
  });

  it("stops, and starts no more tasks, when the breaker may not roll back", async () => {
    await live({ ...rolling, deploymentCircuitBreaker: { enable: true, rollback: false } });
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "exits" : "HEALTHY");
    await world.update("B");
    await world.status("STOPPED");
    const started = world.containers.all.length;
    await world.clock.sleep(3600);
    expect(world.containers.all).to.have.length(started);
    expect(world.containers.running("A")).to.have.length(2);
  });

  it("tries for ever without a breaker", async () => {
    await live({ strategy: "ROLLING" });
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "exits" : "HEALTHY");
    await world.update("B");
    await world.clock.sleep(4 * 3600);
    const { status, deploymentCircuitBreaker } = await world.newest();
    expect(status).to.equal("IN_PROGRESS");
    expect(deploymentCircuitBreaker).to.deep.equal({ status: "DISABLED" });
    expect(world.containers.running("A")).to.have.length(2);
  });

  it("follows a desired count that changes on the way", async () => {
    await live();
    await world.update("B");
    await world.until((event) => event.kind === "rolling");
    await world.ecs.updateService({ cluster: "main", service: "platform", desiredCount: 3 });
    await world.status("SUCCESSFUL");
    expect(world.containers.running("B")).to.have.length(3);
    expect(world.containers.running("A")).to.deep.equal([]);
  });

  it("takes the place of one that is under way, with the tasks of both", async () => {
    await live();
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "UNKNOWN" : "HEALTHY");
    await world.update("B");
    await world.until((event) => event.kind === "task" && event.status === "RUNNING");
    await world.update("C");
    await world.status("STOPPED");
    await world.status("SUCCESSFUL");
    expect(world.containers.running("C")).to.have.length(2);
    expect(world.containers.running("A")).to.deep.equal([]);
    expect(world.containers.running("B")).to.deep.equal([]);
  });

  it("goes to the group in use when the service shifted traffic before", async () => {
    await world.live("A");
    const service = { cluster: "main", service: "platform" };
    await world.ecs.updateService({ ...service, deploymentConfiguration: rolling });
    await world.update("B");
    await world.status("SUCCESSFUL");
    expect(world.loadBalancing.registered(alternate)).to.have.length(2);
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      primary: 0,
      alternate: 100,
    });
  });
});

describe("a change between ROLLING and a shift", () => {
  const service = { cluster: "main", service: "platform" };

  it("waits for the deployment that is under way", async () => {
    const world = await openWorld();
    await world.create("A", gateAndBake);
    const change = world.ecs.updateService({ ...service, deploymentConfiguration: rolling });
    await expectRefusal(change, "InvalidParameterException", /BLUE_GREEN to ROLLING.*in progress/);
    await world.close();
  });

  it("needs the advanced configuration to be live first", async () => {
    const world = await openWorld();
    await world.create("A", rolling, 2, { advanced: false });
    await world.status("SUCCESSFUL");
    const shift = { ...service, deploymentConfiguration: gateAndBake };
    const loadBalancers = [
      {
        targetGroupArn: primary,
        containerName: "platform",
        containerPort: 8000,
        advancedConfiguration,
      },
    ];
    const early = world.ecs.updateService({ ...shift, loadBalancers });
    await expectRefusal(early, "InvalidParameterException", /no advancedConfiguration/);
    await world.ecs.updateService({ ...service, loadBalancers });
    await world.status("SUCCESSFUL");
    await world.ecs.updateService(shift);
    await world.update("B");
    await world.pass();
    expect(world.loadBalancing.registered(alternate)).to.have.length(2);
    expect(world.loadBalancing.registered(primary)).to.deep.equal([]);
    await world.close();
  });

  it("drops what belongs to the other strategy", async () => {
    const world = await openWorld();
    await world.live("A");
    await world.ecs.updateService({ ...service, deploymentConfiguration: rolling });
    const { deploymentConfiguration } = await world.service();
    expect(deploymentConfiguration).to.include({ strategy: "ROLLING" });
    expect(deploymentConfiguration?.lifecycleHooks).to.equal(undefined);
    await world.close();
  });
});

describe("rollStep", () => {
  const full = { active: 4, healthy: 4 };
  const none = { active: 0, healthy: 0 };

  it("starts all new tasks beside the old ones where the maximum lets it", () => {
    expect(rollStep({ desired: 4, to: none, from: [full] })).to.deep.equal({ to: 4, from: [4] });
  });

  it("lets an old task go for each new healthy one", () => {
    const to = { active: 4, healthy: 1 };
    expect(rollStep({ desired: 4, to, from: [full] })).to.deep.equal({ to: 4, from: [3] });
  });

  it("makes room as far as the minimum lets it where the maximum leaves none", () => {
    const limits = { desired: 4, maximumPercent: 100, minimumHealthyPercent: 50 };
    expect(rollStep({ ...limits, to: none, from: [full] })).to.deep.equal({ to: 2, from: [2] });
    const to = { active: 2, healthy: 0 };
    const from = [{ active: 2, healthy: 2 }];
    expect(rollStep({ ...limits, to, from })).to.deep.equal({ to: 2, from: [2] });
  });

  it("rounds the maximum down and the minimum up", () => {
    const from = [{ active: 3, healthy: 3 }];
    const limits = { desired: 3, maximumPercent: 150, minimumHealthyPercent: 50 };
    expect(rollStep({ ...limits, to: none, from })).to.deep.equal({ to: 2, from: [2] });
  });

  it("lets the tasks of a failed deployment go before those of the live one", () => {
    const from = [full, { active: 2, healthy: 0 }];
    const { from: left } = rollStep({ desired: 4, to: none, from });
    expect(left).to.deep.equal([4, 0]);
  });
});

describe("breakerThreshold", () => {
  const of = (desired: number, type?: "COUNT" | "BOUNDED_PERCENT" | "UNBOUNDED_PERCENT") =>
    breakerThreshold(
      {
        deploymentCircuitBreaker: {
          ...breaker,
          ...(type ? { thresholdConfiguration: { type, value: 10 } } : {}),
        },
      },
      desired,
    );

  it("is half the desired count, at least 3 and at most 200", () => {
    expect([1, 6, 7, 25, 400, 800].map((count) => of(count))).to.deep.equal([
      3, 3, 4, 13, 200, 200,
    ]);
  });

  it("is what the service says", () => {
    expect(of(100, "COUNT")).to.equal(10);
    expect(of(100, "BOUNDED_PERCENT")).to.equal(10);
    expect(of(10, "BOUNDED_PERCENT")).to.equal(3);
    expect(of(10, "UNBOUNDED_PERCENT")).to.equal(1);
  });
});
