import { expect } from "chai";
import { alternate } from "./support/fakeLoadBalancing.ts";
import { gateAndBake, openWorld, pauseAt, settled } from "./support/world.ts";

describe("capacity", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  afterEach(() => world.close());

  const instances = async () =>
    (await world.autoScaling.describeAutoScalingGroups()).AutoScalingGroups.flatMap(
      (group) => group.Instances,
    );

  it("comes when tasks need it, two instances at first, and the tasks spread over zones", async () => {
    world = await openWorld();
    await world.create("A", gateAndBake);
    await world.paused("SCALE_UP");
    const provisioning = await world.service();
    expect(provisioning).to.include({ runningCount: 0, pendingCount: 2 });
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    expect(await instances()).to.have.length(2);
    const { taskArns = [] } = await world.ecs.listTasks({ cluster: "main" });
    const { tasks = [] } = await world.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    expect(tasks.map(({ availabilityZone }) => availabilityZone)).to.have.members([
      "eu-central-1a",
      "eu-central-1b",
    ]);
    const addresses = tasks.map(
      ({ attachments }) =>
        attachments?.[0]?.details?.find(({ name }) => name === "privateIPv4Address")?.value,
    );
    expect(addresses).to.have.members(["10.0.0.4", "10.0.1.4"]);
  });

  it("holds two tasks with an address of their own on a t3.small, and grows for the third", async () => {
    world = await openWorld();
    await world.create("A", gateAndBake, 5);
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    expect(await instances()).to.have.length(3);
  });

  it("lets a task wait, and says so, when the group is as large as it may be", async () => {
    world = await openWorld({ maxInstances: 2 });
    await world.create("A", gateAndBake, 4);
    await world.pass();
    await world.update("B");
    await world.stage("SCALE_UP");
    await world.clock.sleep(600);
    const service = await world.service();
    expect(service.events?.map(({ message }) => message)).to.include(
      "(service platform) was unable to place a task because no container instance met all of its requirements: " +
        "256 CPU units, 512 MiB and a network interface of its own. The capacity provider's group has at most 2 instances.",
    );
    expect((await world.newest()).lifecycleStage).to.equal("SCALE_UP");
    await world.autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: "platform",
      MaxSize: 4,
    });
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    expect(world.containers.running("B")).to.have.length(4);
  });

  it("goes when an instance has been empty for a quarter of an hour", async () => {
    world = await openWorld();
    await world.create("A", gateAndBake, 4);
    await world.pass();
    await world.update("B");
    await world.pass();
    expect(await instances()).to.have.length(4);
    await world.ecs.updateService({ cluster: "main", service: "platform", desiredCount: 1 });
    const end = await world.until(
      (event) => event.kind === "instance" && event.status === "terminated",
    );
    await world.clock.sleep(3600);
    expect(await instances()).to.have.length(1);
    expect(world.containers.running("B")).to.have.length(1);
    expect(end.at).to.be.lessThan(world.clock.now());
  });

  it("is shared by the tasks of many services", async () => {
    world = await openWorld();
    await world.live("A");
    await world.ecs.createService({
      cluster: "main",
      serviceName: "other",
      desiredCount: 2,
      taskDefinition: await world.register("X"),
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"] } },
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 },
    });
    await world.status("SUCCESSFUL");
    expect(world.containers.running("X")).to.have.length(2);
    expect(await instances()).to.have.length(2);
  });

  it("does not count an instance whose user data joins another cluster", async () => {
    world = await openWorld();
    await world.ecs.createCluster({ clusterName: "elsewhere" });
    await world.ecs.putClusterCapacityProviders({
      cluster: "elsewhere",
      capacityProviders: ["capacity"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "capacity" }],
    });
    await world.ecs.createService({
      cluster: "elsewhere",
      serviceName: "lost",
      desiredCount: 1,
      taskDefinition: await world.register("X"),
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"] } },
      deploymentConfiguration: { strategy: "BLUE_GREEN" },
    });
    await world.clock.sleep(3600);
    expect(world.containers.all).to.deep.equal([]);
  });

  it("takes its tasks along when an instance is lost: at once, and ECS finds out later", async () => {
    world = await openWorld();
    await world.live("A");
    const [first] = await instances();
    const at = world.clock.now();
    await world.autoScaling.terminateInstance({ InstanceId: first?.InstanceId ?? "" });
    await settled();
    expect(world.containers.running("A")).to.have.length(1);
    // Nobody has told the load balancer, but nothing answers at the address.
    expect(world.loadBalancing.registered(alternate)).to.have.length(2);
    expect(world.loadBalancing.addresses.size).to.equal(1);
    const lost = await world.until((event) => event.kind === "task" && event.status === "STOPPED");
    expect(lost)
      .to.have.property("reason")
      .that.matches(/^Host EC2 \(instance i-\w+\) terminated/);
    expect(lost.at - at).to.equal(60_000);
    await world.clock.sleep(120);
    expect(world.containers.running("A")).to.have.length(2);
    expect(world.loadBalancing.registered(alternate)).to.have.length(2);
  });

  it("is given up sooner when the load balancer finds the lost task unhealthy", async () => {
    world = await openWorld({ limits: { instanceLossSeconds: 3600 } });
    await world.live("A");
    const [first] = await instances();
    await world.autoScaling.terminateInstance({ InstanceId: first?.InstanceId ?? "" });
    await settled();
    world.loadBalancing.forgets();
    const lost = await world.until((event) => event.kind === "task" && event.status === "STOPPED");
    expect(lost)
      .to.have.property("reason")
      .that.matches(/^Task failed ELB health checks/);
    expect(world.containers.running("A")).to.have.length(2);
  });

  it("is not scaled by a provider whose managed scaling is off", async () => {
    world = await openWorld();
    const [group] = (await world.autoScaling.describeAutoScalingGroups()).AutoScalingGroups;
    await world.ecs.createCapacityProvider({
      name: "fixed",
      autoScalingGroupProvider: { autoScalingGroupArn: group?.AutoScalingGroupARN },
    });
    await world.ecs.putClusterCapacityProviders({
      cluster: "main",
      capacityProviders: ["fixed"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "fixed" }],
    });
    await world.create("A", pauseAt("POST_SCALE_UP"));
    await world.clock.sleep(3600);
    expect(await instances()).to.deep.equal([]);
  });
});
