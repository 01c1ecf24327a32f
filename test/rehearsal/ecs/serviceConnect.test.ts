import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import type { EcsArgs } from "../../../rehearsal/cloud/ecs/ecsContext.ts";
import type { Reach } from "../../../rehearsal/cloud/ecs/ports.ts";
import { callable, client, openConnectWorld, secret } from "./support/connectWorld.ts";
import { pauseAt, settled } from "./support/world.ts";

describe("Service Connect of the emulated ECS", () => {
  let world: Awaited<ReturnType<typeof openConnectWorld>>;
  afterEach(async () => {
    await world.close();
  });

  async function open(options: Partial<EcsArgs> = {}): Promise<void> {
    world = await openConnectWorld(options);
  }

  it("tells tasks where they find what could be called when their deployment began", async () => {
    await open();
    await world.create("platform", { release: "P", connect: client });
    await world.ended();
    await world.create("insurance", { release: "I", connect: callable("insurance") });
    await world.ended();
    expect(world.urlsOf("P")).to.deep.equal(
      Array(2).fill('{"insurance": "http://insurance:8000/i"}'),
    );
    // Neither does a task find it that starts later and belongs to the same deployment.
    await world.ecs.updateService({ cluster: "main", service: "platform", desiredCount: 3 });
    await world.until(() => world.containers.running("P").length === 3);
    expect(world.urlsOf("P")[2]).to.equal('{"insurance": "http://insurance:8000/i"}');
    await world.update("platform", { release: "Q", connect: client });
    await world.ended();
    const told = world.journal.events.find(
      (event) => event.kind === "alias" && event.service === "platform",
    );
    expect(told).to.include({ alias: "//insurance:8000" });
    const port = told?.kind === "alias" ? told.port : 0;
    expect(world.urlsOf("Q")).to.deep.equal(
      Array(3).fill(`{"insurance": "http://127.0.0.1:${port}/i"}`),
    );
  });

  it("leaves those alone that have none of it", async () => {
    await open();
    await world.create("insurance", { release: "I", connect: callable("insurance") });
    await world.ended();
    await world.create("alone", { release: "A" });
    await world.ended();
    expect(world.urlsOf("A")[0]).to.equal('{"insurance": "http://insurance:8000/i"}');
  });

  it("has calls follow the production traffic, and the test header the candidate", async () => {
    await open();
    await world.live("A");
    await world.update("platform", { release: "B", connect: callable("insurance") });
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.create("caller", { release: "P", connect: client });
    await world.ended();
    const [calls] = world.loadBalancing.calls;
    expect(calls?.testHeader).to.deep.equal({ name: "x-test", value: secret });
    const weights = () =>
      (world.loadBalancing.calls[0]?.groups ?? []).map(({ weight, test }) => [weight, test]);
    // What is live has no proxy that takes calls, and the candidate has not passed its gate.
    expect(weights()).to.deep.equal([[0, true]]);
    await world.ecs.continueServiceDeployment(await openPause());
    await world.stage("POST_PRODUCTION_TRAFFIC_SHIFT");
    expect(weights()).to.deep.equal([[100, true]]);
  });

  async function openPause() {
    const { serviceDeploymentArn, lifecycleHookDetails = [] } = await world.newest();
    const open = lifecycleHookDetails.find(({ status }) => status === "AWAITING_ACTION");
    return { serviceDeploymentArn, hookId: open?.hookId, action: "CONTINUE" as const };
  }

  it("moves calls in steps, and back when the release is undone", async () => {
    await open();
    const canary: DeploymentConfiguration = {
      ...pauseAt("PRE_PRODUCTION_TRAFFIC_SHIFT"),
      strategy: "CANARY",
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 0 },
    };
    await world.create("insurance", {
      release: "I",
      connect: callable("insurance"),
      strategy: gateless,
    });
    await world.ended();
    await world.create("platform", { release: "P", connect: client });
    await world.ended();
    await world.ecs.updateService({
      cluster: "main",
      service: "insurance",
      deploymentConfiguration: canary,
    });
    expect(world.shares()).to.deep.equal({ I: { weight: 100, test: false, tasks: 2 } });
    await world.update("insurance", { release: "J", connect: callable("insurance") });
    await world.paused("PRE_PRODUCTION_TRAFFIC_SHIFT");
    expect(world.shares()).to.deep.equal({
      I: { weight: 100, test: false, tasks: 2 },
      J: { weight: 0, test: true, tasks: 2 },
    });
    await answer("insurance", "CONTINUE");
    await world.paused("PRE_PRODUCTION_TRAFFIC_SHIFT");
    expect(world.shares()).to.deep.include({
      I: { weight: 90, test: false, tasks: 2 },
      J: { weight: 10, test: true, tasks: 2 },
    });
    await answer("insurance", "ROLLBACK");
    await world.status("ROLLBACK_SUCCESSFUL");
    expect(world.shares()).to.deep.equal({ I: { weight: 100, test: false, tasks: 2 } });
  });

  const gateless: DeploymentConfiguration = { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 };

  async function answer(service: string, action: "CONTINUE" | "ROLLBACK"): Promise<void> {
    const { serviceDeployments = [] } = await world.ecs.listServiceDeployments({
      cluster: "main",
      service,
    });
    const { serviceDeploymentArn, lifecycleHookDetails = [] } = await world.deployment(
      serviceDeployments[0]?.serviceDeploymentArn ?? "",
    );
    const open = lifecycleHookDetails.find(({ status }) => status === "AWAITING_ACTION");
    await world.ecs.continueServiceDeployment({
      serviceDeploymentArn,
      hookId: open?.hookId,
      action,
    });
  }

  it("divides calls by healthy tasks while a service rolls", async () => {
    await open();
    await world.bothLive();
    expect(world.shares()).to.deep.equal({ I: { weight: 100, test: false, tasks: 2 } });
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "J" ? "UNKNOWN" : "HEALTHY");
    await world.update("insurance", { release: "J", connect: callable("insurance") });
    await world.until(
      (event) => event.kind === "task" && event.release === "J" && event.status === "RUNNING",
    );
    expect(world.shares()).to.have.keys("I");
    world.containers.running("J")[0]?.becomes("HEALTHY");
    await settled();
    expect(world.shares().J).to.deep.equal({ weight: 1, test: false, tasks: 1 });
    for (const container of world.containers.running("J")) container.becomes("HEALTHY");
    await world.ended();
    await settled();
    expect(world.shares()).to.deep.equal({ J: { weight: 100, test: false, tasks: 2 } });
  });

  it("takes a task out of the calls before its process is told to stop", async () => {
    await open();
    await world.bothLive();
    const [first] = world.containers.running("I");
    if (!first) throw new Error("there is no task");
    const listed: boolean[] = [];
    const stop = first.stop.bind(first);
    first.stop = async () => {
      listed.push(
        world.route().groups.some(({ tasks }) => tasks.some(({ port }) => port === first.port)),
      );
      await stop();
    };
    await world.update("insurance", { release: "J", connect: callable("insurance") });
    await world.ended();
    expect(listed).to.deep.equal([false]);
  });

  it("takes a task out that is not healthy any more", async () => {
    await open();
    await world.bothLive();
    world.containers.running("I")[0]?.becomes("UNHEALTHY");
    await settled();
    expect(world.shares()).to.deep.equal({ I: { weight: 100, test: false, tasks: 1 } });
  });

  it("has nobody answer where security groups let no call through", async () => {
    const asked: Reach[] = [];
    await open({
      reaches: (reach) => {
        asked.push(reach);
        return false;
      },
    });
    await world.create("insurance", {
      release: "I",
      connect: callable("insurance"),
      securityGroups: ["sg-insurance"],
    });
    await world.ended();
    await world.create("platform", {
      release: "P",
      connect: client,
      securityGroups: ["sg-platform"],
    });
    await world.ended();
    const ports = world.route().groups.flatMap(({ tasks }) => tasks.map(({ port }) => port));
    expect(ports).to.deep.equal([null, null]);
    const calls = asked.filter(({ from }) => from[0] === "sg-platform");
    expect(calls[0]).to.deep.include({ to: ["sg-insurance"], port: 20_080 });
  });

  it("forgets who is gone", async () => {
    await open();
    await world.bothLive();
    await world.ecs.deleteService({ cluster: "main", service: "insurance", force: true });
    await world.until(() => world.containers.running("I").length === 0);
    await settled();
    expect(world.route().groups).to.deep.equal([]);
    await world.ecs.deleteService({ cluster: "main", service: "platform", force: true });
    await world.until(() => world.containers.running("P").length === 0);
    await settled();
    expect(world.loadBalancing.calls).to.deep.equal([]);
  });

  it("keeps calls with the tasks that had them first, when it is told to", async () => {
    await open({ sabotage: { callsStayBehind: true } });
    await world.bothLive();
    await world.update("insurance", { release: "J", connect: callable("insurance") });
    await world.ended();
    expect(world.shares().I).to.deep.equal({ weight: 1, test: false, tasks: 2 });
    expect(world.containers.running("I")).to.deep.equal([]);
  });

  it("shows what a revision has of it", async () => {
    await open();
    await world.bothLive();
    const { services } = await world.ecs.describeServices({
      cluster: "main",
      services: ["insurance"],
    });
    const [deployment] = services?.[0]?.deployments ?? [];
    expect(deployment?.serviceConnectConfiguration).to.deep.equal(callable("insurance"));
  });
});
