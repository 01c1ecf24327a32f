import type { ContainerDefinition, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { AwsError } from "../../../rehearsal/cloud/awsError.ts";
import { containerSpec } from "../../../rehearsal/cloud/ecs/containerSpec.ts";
import { openWorld, settled } from "./support/world.ts";

describe("task definitions", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  async function refused(change: object, container: object = {}): Promise<string> {
    const definition = world.definition("A");
    const [first] = definition.containerDefinitions ?? [];
    try {
      await world.ecs.registerTaskDefinition({
        ...definition,
        containerDefinitions: [{ ...first, ...container }],
        ...change,
      });
    } catch (error) {
      if (error instanceof AwsError) return `${error.code}: ${error.message}`;
      throw error;
    }
    throw new Error("it was accepted");
  }

  it("count their revisions by family, and never use a number twice", async () => {
    expect(await world.register("A")).to.match(/task-definition\/platform:1$/);
    expect(await world.register("B")).to.match(/platform:2$/);
    await world.ecs.deregisterTaskDefinition({ taskDefinition: "platform:2" });
    const { taskDefinition } = await world.ecs.describeTaskDefinition({
      taskDefinition: "platform",
    });
    expect(taskDefinition).to.include({ revision: 1, status: "ACTIVE" });
    const old = await world.ecs.describeTaskDefinition({ taskDefinition: "platform:2" });
    expect(old.taskDefinition?.status).to.equal("INACTIVE");
    expect(await world.register("C")).to.match(/platform:3$/);
  });

  it("are refused with what is wrong", async () => {
    expect(await refused({ family: "a b" })).to.match(/^ClientException: Family should match/);
    expect(await refused({ containerDefinitions: [] })).to.contain(
      "Container list cannot be empty",
    );
    expect(await refused({ networkMode: "bridge" })).to.contain("networkMode 'bridge'");
    expect(await refused({ memory: undefined })).to.contain("At least one of 'memory'");
    expect(await refused({ cpu: "64" })).to.contain("128 to 196608");
    expect(await refused({ memory: "half" })).to.contain(
      "Invalid 'memory' setting for task: 'half'",
    );
    expect(await refused({}, { cpu: 512 })).to.contain("their 'cpu' (512) is more than the task's");
    expect(await refused({}, { image: "" })).to.contain("Container.image");
    expect(await refused({}, { portMappings: [{ containerPort: 1, hostPort: 2 }] })).to.contain(
      "must match",
    );
    expect(await refused({}, { secrets: [{ name: "RELEASE_ID", valueFrom: "arn" }] })).to.contain(
      "secret name must be unique",
    );
    expect(await refused({}, { healthCheck: { command: ["curl"] } })).to.contain(
      "CMD or CMD-SHELL",
    );
    expect(await refused({}, { helthCheck: {} })).to.match(
      /^UnsupportedFeatureException: containerDefinitions 'platform': 'helthCheck' is not known/,
    );
    expect(await refused({ pidMode: "host" })).to.contain("'pidMode' is not known");
  });

  it("whose image can't be pulled fail their tasks, not the call", async () => {
    const definition = world.definition("A");
    const image = `${world.image.split("@")[0]}@sha256:${"f".repeat(64)}`;
    const [container] = definition.containerDefinitions ?? [];
    await world.ecs.registerTaskDefinition({
      ...definition,
      containerDefinitions: [{ ...container, image }],
    });
    await world.ecs.createService({
      cluster: "main",
      serviceName: "broken",
      desiredCount: 1,
      taskDefinition: "platform:1",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"] } },
      deploymentConfiguration: { strategy: "BLUE_GREEN" },
    });
    const stopped = await world.until(
      (event) => event.kind === "task" && event.status === "STOPPED",
    );
    expect(stopped)
      .to.have.property("reason")
      .that.matches(/^CannotPullContainerError: /);
    await settled();
    const { taskArns = [] } = await world.ecs.listTasks({
      cluster: "main",
      desiredStatus: "STOPPED",
    });
    const { tasks } = await world.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    expect(tasks?.[0]?.stopCode).to.equal("TaskFailedToStart");
  });
});

describe("containerSpec", () => {
  const definition = (container: ContainerDefinition): RegisterTaskDefinitionRequest => ({
    family: "app",
    containerDefinitions: [{ image: "registry/app@sha256:1", ...container }],
  });
  const image = {
    digest: "sha256:1",
    root: "/r",
    env: { PATH: "/r/bin", KEEP_ALIVE_SECONDS: "75", PORT: "80" },
    workdir: "/r",
    entrypoint: ["/r/entry"],
    cmd: ["run"],
    healthcheck: {
      test: ["CMD", "x"],
      intervalSeconds: 30,
      timeoutSeconds: 1,
      startPeriodSeconds: 0,
      retries: 3,
    },
    stopSignal: "SIGTERM" as const,
    user: "",
    exposedPorts: [],
    notRehearsed: [],
  };
  const specOf = (container: ContainerDefinition) =>
    containerSpec(definition(container), "app/1", {
      registry: { pull: () => image },
      secrets: (arn) => (arn === "arn:known" ? "hush" : undefined),
      speed: 30,
    });

  it("sets the definition's variables, the port, and the image's timers in cloud time", () => {
    const spec = specOf({
      portMappings: [{ containerPort: 8000 }],
      environment: [{ name: "RELEASE_ID", value: "A" }],
      secrets: [{ name: "TOKEN", valueFrom: "arn:known" }],
    });
    expect(spec.env).to.deep.equal({
      KEEP_ALIVE_SECONDS: "2.5",
      PORT: "8000",
      RELEASE_ID: "A",
      TOKEN: "hush",
    });
    expect(spec.stopTimeoutSeconds).to.equal(30);
  });

  it("ignores the image's own health check, as the agent does", () => {
    expect(specOf({}).image.healthcheck).to.equal(undefined);
    expect(specOf({}).healthCheck).to.equal(undefined);
    expect(
      specOf({ healthCheck: { command: ["CMD", "y"], interval: 10 } }).healthCheck,
    ).to.deep.equal({
      test: ["CMD", "y"],
      intervalSeconds: 10,
      timeoutSeconds: 5,
      startPeriodSeconds: 0,
      retries: 3,
    });
  });

  it("drops the image's command together with its entry point", () => {
    expect(specOf({ entryPoint: ["sh"], command: ["-c", "true"] })).to.deep.include({
      command: ["-c", "true"],
    });
    expect(specOf({ entryPoint: ["sh"] }).image).to.deep.include({ entrypoint: ["sh"], cmd: [] });
  });

  it("names a secret that is not there", () => {
    expect(() => specOf({ secrets: [{ name: "TOKEN", valueFrom: "arn:none" }] })).to.throw(
      AwsError,
      "unable to retrieve secret arn:none for TOKEN",
    );
  });
});
