import { expect } from "chai";
import { TaskDefinition, type TaskDefinitionArgs } from "../../../components/aws/taskDefinition.ts";
import { containerCheck } from "../../../components/healthChecks.ts";
import { defaultHealth } from "../../../components/healthSpec.ts";
import { only, record } from "../../support/mocks.ts";

const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf";
const parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/platform/token";
const repository = "arn:aws:ecr:eu-central-1:123456789012:repository/platform";
const args: TaskDefinitionArgs = {
  family: "symphainy-test-platform",
  image: `registry.example/platform@sha256:${"a".repeat(64)}`,
  repositoryArn: repository,
  compatibility: "EC2",
  architecture: "x86_64",
  port: 8000,
  cpu: 256,
  memory: 512,
  environment: { RELEASE_ID: "r1", LOG_LEVEL: "INFO" },
  secrets: { KEY: `${secret}:password::v1`, TOKEN: parameter },
  check: containerCheck(defaultHealth),
  stopTimeoutSeconds: 30,
  logRetentionDays: 30,
  region: "eu-central-1",
  tags: {},
};

const type = "aws:ecs/taskDefinition:TaskDefinition";

async function create(overrides: Partial<TaskDefinitionArgs> = {}) {
  const recording = await record(() => new TaskDefinition("platform", { ...args, ...overrides }));
  const definition = only(recording, type);
  const [container] = JSON.parse(String(definition.inputs.containerDefinitions));
  return { recording, definition, container };
}

describe("TaskDefinition", () => {
  it("carries the check that ECS would not find in the image", async () => {
    const { container } = await create();
    expect(container.healthCheck).to.deep.equal({
      command: [
        "CMD",
        "python",
        "-c",
        "from tests.environments.production_test_config import ServiceHealthChecker; " +
          "checker = ServiceHealthChecker(); health = checker.get_overall_health(); " +
          "exit(0 if health['health_percentage'] >= 80 else 1)",
      ],
      interval: 30,
      timeout: 10,
      retries: 3,
      startPeriod: 5,
    });
  });

  it("is a revision for each change, unless the one there is has to stay", async () => {
    expect((await create()).definition.ignoreChanges).to.deep.equal([]);
    const { recording, definition } = await create({ frozen: true });
    // What the settings say no more is taken from the state, too.
    const all = [...Object.keys(definition.inputs), "ephemeralStorage"];
    expect(definition.ignoreChanges).to.have.members(all);
    for (const { type: other, ignoreChanges } of recording.resources) {
      if (other !== type) expect(ignoreChanges, other).to.deep.equal([]);
    }
  });

  it("runs without root and without any capability", async () => {
    const { container } = await create();
    expect(container).to.include({ user: "10001:10001", privileged: false, stopTimeout: 30 });
    expect(container.linuxParameters.capabilities.drop).to.deep.equal(["ALL"]);
  });

  it("is written as ECS reads it back, or every update would make a new revision", async () => {
    const check = containerCheck({ ...defaultHealth, startPeriodSeconds: 0 });
    const { container } = await create({ check });
    expect(container.linuxParameters.capabilities.add).to.deep.equal([]);
    expect(container.healthCheck).not.to.have.property("startPeriod");
  });

  it("leaves a part of the task to the proxy of Service Connect, and names its port for it", async () => {
    const { container: alone } = await create({ cpu: 512 });
    expect(alone).to.include({ cpu: 512, memory: 512 });
    expect(alone.portMappings).to.deep.equal([
      { containerPort: 8000, hostPort: 8000, protocol: "tcp" },
    ]);
    const { container, definition } = await create({ cpu: 512, connected: true });
    expect(definition.inputs).to.include({ cpu: "512", memory: "512" });
    expect(container).to.include({ cpu: 256, memory: 448 });
    expect(container.portMappings).to.deep.equal([
      { containerPort: 8000, hostPort: 8000, protocol: "tcp", name: "http", appProtocol: "http" },
    ]);
  });

  it("hands secrets over by reference", async () => {
    const { container } = await create();
    expect(container.secrets).to.deep.equal([
      { name: "KEY", valueFrom: `${secret}:password::v1` },
      { name: "TOKEN", valueFrom: parameter },
    ]);
  });

  it("makes no new revision of variables in another order", async () => {
    const { container } = await create();
    const turned = await create({ environment: { LOG_LEVEL: "INFO", RELEASE_ID: "r1" } });
    expect(turned.container).to.deep.equal(container);
    expect(container.environment).to.deep.equal([
      { name: "LOG_LEVEL", value: "INFO" },
      { name: "RELEASE_ID", value: "r1" },
    ]);
  });

  it("keeps old revisions, and gives each task an address of its own", async () => {
    const { definition } = await create();
    expect(definition.inputs).to.deep.include({
      skipDestroy: true,
      networkMode: "awsvpc",
      requiresCompatibilities: ["EC2"],
      cpu: "256",
      memory: "512",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
    });
    expect((await create({ architecture: "arm64" })).definition.inputs.runtimePlatform).to.include({
      cpuArchitecture: "ARM64",
    });
  });

  it("writes logs that end, and stops for none of them", async () => {
    const { recording, container } = await create();
    const group = only(recording, "aws:cloudwatch/logGroup:LogGroup");
    expect(group.inputs.retentionInDays).to.equal(30);
    expect(container.logConfiguration.options).to.include({
      "awslogs-group": "platform-1a2b3c4",
      "awslogs-region": "eu-central-1",
      mode: "non-blocking",
    });
  });

  it("starts tasks as one role and lets them act as another, which may do nothing", async () => {
    const { recording, definition } = await create();
    const { executionRoleArn, taskRoleArn } = definition.inputs;
    expect(executionRoleArn).to.match(/Role\/platform-execution$/);
    expect(taskRoleArn).to.match(/Role\/platform-task$/);
    const policies = recording.resources.filter(({ inputs }) => "policy" in inputs);
    expect(policies.map(({ inputs }) => inputs.role)).to.deep.equal(["platform-execution-1a2b3c4"]);
    expect(definition.dependencies).to.include("aws:iam/rolePolicy:RolePolicy platform-execution");
  });

  it("allows starting a task what it needs and nothing more", async () => {
    const { recording } = await create();
    const { policy } = only(recording, "aws:iam/rolePolicy:RolePolicy").inputs;
    const allowed = JSON.parse(String(policy)).Statement.map(
      ({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource],
    );
    expect(allowed).to.deep.equal([
      [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "arn:aws:cloudwatch:eu-central-1:123456789012:LogGroup/platform:*",
      ],
      ["ecr:GetAuthorizationToken", "*"],
      [
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        repository,
      ],
      ["secretsmanager:GetSecretValue", [secret]],
      ["ssm:GetParameters", [parameter]],
    ]);
  });
});
