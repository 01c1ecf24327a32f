import type { CapacityProviderStrategyItem, CreateServiceRequest } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { gateAndBake, openWorld } from "./support/world.ts";

describe("Fargate", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const onDemand = { capacityProvider: "FARGATE", weight: 1 };
  const spot = { capacityProvider: "FARGATE_SPOT", weight: 1 };

  /** The cluster's default strategy, which its services have. */
  const use = (...defaultCapacityProviderStrategy: CapacityProviderStrategyItem[]) =>
    world.ecs.putClusterCapacityProviders({
      cluster: "main",
      capacityProviders: ["FARGATE", "FARGATE_SPOT", "capacity"],
      defaultCapacityProviderStrategy,
    });

  async function register(release: string, change: object = {}): Promise<string> {
    const { taskDefinition } = await world.ecs.registerTaskDefinition({
      ...world.definition(release),
      requiresCompatibilities: ["FARGATE"],
      executionRoleArn: "arn:aws:iam::123456789012:role/execution",
      ...change,
    });
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  async function create(count: number): Promise<void> {
    await world.createOf(await register("A"), gateAndBake, count);
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
  }

  async function tasks() {
    const { taskArns = [] } = await world.ecs.listTasks({ cluster: "main" });
    return (await world.ecs.describeTasks({ cluster: "main", tasks: taskArns })).tasks ?? [];
  }

  const counted = (names: (string | undefined)[]) =>
    Object.fromEntries(
      Object.entries(Object.groupBy(names, (name) => name ?? "none")).map(([name, all = []]) => [
        name,
        all.length,
      ]),
    );

  it("has a machine for every task, spread over the zones, and starts no instance", async () => {
    await use(onDemand);
    await create(4);
    const all = await tasks();
    expect(counted(all.map(({ availabilityZone }) => availabilityZone))).to.deep.equal({
      "eu-central-1a": 2,
      "eu-central-1b": 2,
    });
    expect(counted(all.map(({ launchType }) => launchType))).to.deep.equal({ FARGATE: 4 });
    expect(all.map(({ containerInstanceArn }) => containerInstanceArn)).to.deep.equal(
      Array.from({ length: 4 }),
    );
    const { AutoScalingGroups } = await world.autoScaling.describeAutoScalingGroups();
    expect(AutoScalingGroups.flatMap(({ Instances }) => Instances)).to.deep.equal([]);
  });

  for (const [strategy, expected] of [
    [[onDemand, spot], { FARGATE: 2, FARGATE_SPOT: 2 }],
    [[onDemand, { ...spot, weight: 3 }], { FARGATE: 1, FARGATE_SPOT: 3 }],
    [
      [
        { ...onDemand, base: 3 },
        { ...spot, weight: 2 },
      ],
      { FARGATE: 3, FARGATE_SPOT: 1 },
    ],
    [[spot], { FARGATE_SPOT: 4 }],
  ] as const) {
    it(`deals tasks out by base and weight: ${JSON.stringify(expected)}`, async () => {
      await use(...strategy);
      await create(4);
      const names = (await tasks()).map(({ capacityProviderName }) => capacityProviderName);
      expect(counted(names)).to.deep.equal(expected);
    });
  }

  it("takes a Spot task back: SIGTERM first, another task at once, and the target goes last", async () => {
    await use(onDemand, spot);
    await create(2);
    await world.answer("CONTINUE");
    await world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
    const arn = world.ecs.interruptSpot();
    const id = arn.split("/").at(-1);
    await world.until(
      (event) => event.kind === "task" && event.task === id && event.status === "STOPPED",
    );
    const { tasks: [lost] = [] } = await world.ecs.describeTasks({ cluster: "main", tasks: [arn] });
    expect(lost).to.include({
      stopCode: "SpotInterruption",
      stoppedReason: "Your Spot Task was interrupted.",
      lastStatus: "STOPPED",
    });
    await world.until(
      (event) => event.kind === "taskHealth" && event.task !== id && event.health === "HEALTHY",
    );
    const left = await tasks();
    const names = left.map(({ capacityProviderName }) => capacityProviderName);
    expect(counted(names)).to.deep.equal({ FARGATE: 1, FARGATE_SPOT: 1 });
    expect(left.map(({ taskArn }) => taskArn)).not.to.include(arn);
  });

  it("can't take back what does not run on Spot", async () => {
    await use(onDemand);
    await create(1);
    expect(() => world.ecs.interruptSpot()).to.throw("none runs on Fargate Spot");
  });

  /** @returns how the service is refused. */
  async function refused(change: Partial<CreateServiceRequest>): Promise<string> {
    const [definition] = [await register("A")];
    const request = {
      cluster: "main",
      serviceName: "platform",
      taskDefinition: definition,
      desiredCount: 1,
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"] } },
      capacityProviderStrategy: [onDemand],
      ...change,
    };
    return world.ecs.createService(request).then(
      () => "accepted",
      (error: Error) => error.message,
    );
  }

  it("takes no placement strategy, no other kind of task and no capacity of another kind beside it", async () => {
    await use(onDemand);
    expect(await refused({ placementStrategy: [{ type: "random" }] })).to.contain(
      "Placement strategies are not supported with FARGATE",
    );
    expect(await refused({ taskDefinition: await world.register("B") })).to.contain(
      "does not support launch_type FARGATE",
    );
    const both = [onDemand, { capacityProvider: "capacity", weight: 1 }];
    expect(await refused({ capacityProviderStrategy: both })).to.contain("but not both");
    expect(await refused({ platformVersion: "2.0" })).to.contain("2.0 is unknown");
    const instances = { capacityProviderStrategy: [{ capacityProvider: "capacity", weight: 1 }] };
    const onInstances = await world.register("C");
    expect(
      await refused({ ...instances, taskDefinition: onInstances, platformVersion: "1.4.0" }),
    ).to.contain("platform version must be null");
    expect(await refused({ platformVersion: "1.4.0" })).to.equal("accepted");
  });

  const container = (change: object) => ({
    containerDefinitions: [{ ...world.definition("A").containerDefinitions?.[0], ...change }],
  });

  for (const [what, change, said] of [
    ["a size that it doesn't have", { cpu: "256", memory: "4096" }, "No Fargate configuration"],
    ["memory between two steps", { cpu: "8192", memory: "18432" }, "No Fargate configuration"],
    ["no execution role", { executionRoleArn: undefined }, "execution role"],
    ["too little storage", { ephemeralStorage: { sizeInGiB: 20 } }, "between 21 and 200"],
    ["a folder of the host", { volumes: [{ name: "v", host: { sourcePath: "/" } }] }, "host"],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const error = await register("A", change).catch((thrown: Error) => thrown.message);
      expect(error).to.contain(said);
    });
  }

  for (const [what, change, said] of [
    ["tmpfs", { linuxParameters: { tmpfs: [{ containerPath: "/tmp", size: 8 }] } }, "tmpfs"],
    ["another capability", { linuxParameters: { capabilities: { add: ["NET_RAW"] } } }, "NET_RAW"],
    ["a privileged container", { privileged: true }, "privileged"],
    ["options of Docker", { dockerSecurityOptions: ["label:x"] }, "dockerSecurityOptions"],
    ["a long stop", { stopTimeout: 121 }, "120 seconds"],
    ["another log driver", { logConfiguration: { logDriver: "syslog" } }, "syslog"],
    ["an unknown volume", { mountPoints: [{ sourceVolume: "x" }] }, "Unknown volume 'x'"],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const error = await register("A", container(change)).catch((thrown: Error) => thrown.message);
      expect(error).to.contain(said);
    });
  }
});
