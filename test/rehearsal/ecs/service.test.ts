import { expect } from "chai";
import { AwsError } from "../../../rehearsal/cloud/awsError.ts";
import { alternate, productionRule } from "./support/fakeLoadBalancing.ts";
import { gateAndBake, openWorld, settled } from "./support/world.ts";

const service = { cluster: "main", service: "platform" };

async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("a service", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeEach(async () => {
    world = await openWorld();
    await world.live("A");
  });
  afterEach(() => world.close());

  const count = async () =>
    (await world.ecs.listServiceDeployments(service)).serviceDeployments?.length;

  it("replaces a task that dies", async () => {
    world.containers.running("A")[0]?.exit("exited with code 3: out of memory");
    const stopped = await world.until(
      (event) => event.kind === "task" && event.status === "STOPPED",
    );
    expect(stopped)
      .to.have.property("reason")
      .that.equals("Essential container in task exited: exited with code 3: out of memory");
    await world.until((event) => event.kind === "task" && event.status === "RUNNING");
    expect(world.containers.running("A")).to.have.length(2);
    await world.clock.sleep(120);
    expect(world.loadBalancing.registered(alternate)).to.have.length(2);
    const { taskArns = [] } = await world.ecs.listTasks({
      cluster: "main",
      desiredStatus: "STOPPED",
    });
    const { tasks = [] } = await world.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    expect(tasks[0]?.stopCode).to.equal("EssentialContainerExited");
    expect(tasks[0]?.containers?.[0]?.exitCode).to.equal(3);
  });

  it("keeps a serving task that has become unhealthy until its replacement is healthy", async () => {
    await world.clock.sleep(60);
    world.containers.fate = () => "UNKNOWN";
    const [sick] = world.containers.running("A");
    sick?.becomes("UNHEALTHY");
    await world.clock.sleep(600);
    expect(sick?.running).to.equal(true);
    expect(world.loadBalancing.registered(alternate)).to.have.length(3);
    world.containers.all.at(-1)?.becomes("HEALTHY");
    await world.until((event) => event.kind === "task" && event.status === "STOPPED");
    expect(sick?.running).to.equal(false);
    expect(world.containers.running("A")).to.have.length(2);
  });

  it("follows its desired count without a deployment", async () => {
    const before = await count();
    await world.ecs.updateService({ ...service, desiredCount: 3 });
    await world.until((event) => event.kind === "task" && event.status === "RUNNING");
    expect(world.containers.running("A")).to.have.length(3);
    await world.ecs.updateService({ ...service, desiredCount: 1 });
    await world.until((event) => event.kind === "task" && event.status === "STOPPED");
    await world.until((event) => event.kind === "task" && event.status === "STOPPED");
    expect(world.containers.running("A")).to.have.length(1);
    expect(await count()).to.equal(before);
  });

  it("is released with as many tasks as scaling has set, and keeps them", async () => {
    await world.ecs.updateService({ ...service, desiredCount: 3 });
    await world.until((event) => event.kind === "task" && event.status === "RUNNING");
    await world.update("B");
    await world.pass();
    expect(world.containers.running("B")).to.have.length(3);
    expect((await world.service()).desiredCount).to.equal(3);
  });

  it("has as many tasks as scaling has set after a release that was undone, too", async () => {
    await world.ecs.updateService({ ...service, desiredCount: 3 });
    await world.until((event) => event.kind === "task" && event.status === "RUNNING");
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    expect(world.containers.running("B")).to.have.length(3);
    await world.answer("ROLLBACK");
    await world.status("ROLLBACK_SUCCESSFUL");
    expect(world.containers.running("A")).to.have.length(3);
    expect((await world.service()).desiredCount).to.equal(3);
  });

  it("is deployed anew by what the API says, and by nothing else", async () => {
    const same = (await world.service()).taskDefinition;
    const before = (await count()) ?? 0;
    await world.ecs.updateService({ ...service, taskDefinition: same });
    await world.ecs.updateService({ ...service, healthCheckGracePeriodSeconds: 31 });
    await world.ecs.updateService({
      ...service,
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 2 },
    });
    await world.ecs.updateService({
      ...service,
      capacityProviderStrategy: [{ capacityProvider: "capacity", weight: 2 }],
    });
    expect(await count()).to.equal(before);
    await world.ecs.updateService({
      ...service,
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"] } },
    });
    expect(await count()).to.equal(before + 1);
    await world.ecs.updateService({ ...service, forceNewDeployment: true });
    expect(await count()).to.equal(before + 2);
    expect((await world.service()).taskDefinition).to.equal(same);
  });

  it("is deleted from a pause: drains, stops everything, and is gone", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    expect(await refusal(world.ecs.deleteService(service))).to.equal(
      "InvalidParameterException: The service cannot be stopped while it is scaled above 0.",
    );
    await world.ecs.deleteService({ ...service, force: true });
    expect((await world.service()).status).to.equal("DRAINING");
    expect(await refusal(world.ecs.updateService({ ...service, desiredCount: 3 }))).to.equal(
      "ServiceNotActiveException: Service was not ACTIVE.",
    );
    await world.status("STOPPED");
    await world.clock.sleep(90);
    expect((await world.service()).status).to.equal("INACTIVE");
    expect(world.containers.all.filter(({ running }) => running)).to.deep.equal([]);
    await world.autoScaling.deleteAutoScalingGroup({
      AutoScalingGroupName: "platform",
      ForceDelete: true,
    });
    await world.ecs.putClusterCapacityProviders({
      cluster: "main",
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    });
    await world.ecs.deleteCapacityProvider({ capacityProvider: "capacity" });
    await world.ecs.deleteCluster({ cluster: "main" });
    expect(world.ecs.inventory()).to.deep.equal([]);
  });

  it("keeps its cluster, and its cluster keeps its capacity provider", async () => {
    expect(await refusal(world.ecs.deleteCluster({ cluster: "main" }))).to.match(
      /^ClusterContainsServicesException/,
    );
    expect(
      await refusal(world.ecs.deleteCapacityProvider({ capacityProvider: "capacity" })),
    ).to.match(/^ResourceInUseException/);
    expect(world.ecs.inventory()).to.have.length(5);
  });

  it("stops its processes when the control plane closes, in whatever state", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.close();
    await settled();
    expect(world.containers.all.filter(({ running }) => running)).to.deep.equal([]);
  });

  it("can't be answered with a hook that is over, foreign or made up", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    const { serviceDeploymentArn, lifecycleHookDetails } = await world.newest();
    const hookId = lifecycleHookDetails?.[0]?.hookId;
    const answer = (id: string | undefined, arn = serviceDeploymentArn) =>
      refusal(world.ecs.continueServiceDeployment({ serviceDeploymentArn: arn, hookId: id }));
    expect(await answer("mine")).to.contain("hookId must follow the format: ecs-{hookType}-{id}");
    expect(await answer("ecs-pause-0")).to.contain("is either completed, unavailable");
    expect(await answer(hookId, "arn:other")).to.equal(
      "ServiceDeploymentNotFoundException: The service deployment does not exist.",
    );
    await world.ecs.continueServiceDeployment({ serviceDeploymentArn, hookId });
    expect(await answer(hookId)).to.contain("is either completed, unavailable");
  });

  it("can't be stopped once its old tasks go", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.answer("CONTINUE");
    await world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
    await world.answer("CONTINUE");
    await world.stage("CLEAN_UP");
    const { serviceDeploymentArn } = await world.newest();
    expect(await refusal(world.ecs.stopServiceDeployment({ serviceDeploymentArn }))).to.match(
      /^ConflictException: .*CLEAN_UP/,
    );
  });
});

describe("CANARY and LINEAR", () => {
  it("pause before every step with a hook of its own", async () => {
    const world = await openWorld();
    await world.create("A", {
      strategy: "CANARY",
      canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 5 },
      lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] }],
    });
    await world.paused("PRE_PRODUCTION_TRAFFIC_SHIFT");
    await world.answer("CONTINUE");
    await settled();
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      primary: 875,
      alternate: 125,
    });
    expect((await world.newest()).targetServiceRevision?.requestedProductionTrafficWeight).to.equal(
      12.5,
    );
    await world.paused("PRE_PRODUCTION_TRAFFIC_SHIFT");
    const { lifecycleHookDetails = [] } = await world.newest();
    expect(new Set(lifecycleHookDetails.map(({ hookId }) => hookId)).size).to.equal(2);
    await world.answer("CONTINUE");
    await world.status("SUCCESSFUL");
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      primary: 0,
      alternate: 100,
    });
    await world.close();
  });
});

describe("what CreateService refuses", () => {
  it("an inactive task definition, foreign subnets, Lambda hooks, a listener in place of a rule", async () => {
    const world = await openWorld();
    const taskDefinition = await world.register("A");
    await world.ecs.deregisterTaskDefinition({ taskDefinition });
    const create = (change: object) =>
      refusal(
        world.ecs.createService({
          cluster: "main",
          serviceName: "x",
          desiredCount: 1,
          taskDefinition: "platform:2",
          networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"] } },
          deploymentConfiguration: gateAndBake,
          ...change,
        }),
      );
    await world.register("B");
    expect(await create({ taskDefinition })).to.match(
      /^ClientException: TaskDefinition is inactive/,
    );
    expect(await create({ cluster: "none" })).to.equal(
      "ClusterNotFoundException: Cluster not found.",
    );
    expect(await create({ networkConfiguration: undefined })).to.contain("must be provided when");
    expect(
      await create({ networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-z"] } } }),
    ).to.contain("The subnet ID 'subnet-z' does not exist");
    expect(
      await create({ deploymentConfiguration: { ...gateAndBake, strategy: "ROLLING" } }),
    ).to.contain("lifecycleHooks are not supported with the ROLLING deployment strategy");
    const hook = { lifecycleStages: ["PRODUCTION_TRAFFIC_SHIFT"], targetType: "PAUSE" };
    expect(
      await create({ deploymentConfiguration: { ...gateAndBake, lifecycleHooks: [hook] } }),
    ).to.contain("Invalid lifecycle stage provided for Pause Hook");
    expect(
      await create({
        loadBalancers: [
          {
            targetGroupArn: alternate,
            containerName: "platform",
            containerPort: 8000,
            advancedConfiguration: {
              alternateTargetGroupArn: `${alternate}0`,
              roleArn: "arn:aws:iam::1:role/x",
              productionListenerRule: "arn:aws:elasticloadbalancing:eu:1:listener/app/lb/1/2",
            },
          },
        ],
      }),
    ).to.contain("productionListenerRule has an invalid ARN format. Must be RuleArn for ALB");
    expect(await create({ volumeConfigurations: [{ name: "data" }] })).to.match(
      /^UnsupportedFeatureException: 'volumeConfigurations'/,
    );
    await world.close();
  });
});
