import { expect } from "chai";
import { type EchoCloud, serveEchoCloud } from "../../support/echoCloud.ts";
import { type EngineStack, engineStack } from "../../support/engineStack.ts";
import { newService, serviceType } from "./support/createService.ts";

describe("EcsService on the real engine", function () {
  this.timeout(120_000);
  let cloud: EchoCloud;
  let engine: EngineStack;
  let changes: Parameters<typeof newService>[0] = {};

  before(async () => {
    cloud = await serveEchoCloud();
    engine = await engineStack({
      project: "service",
      attached: { aws: cloud.port, random: cloud.port },
      program: async () => void newService({ ...changes, beforeUpdate: undefined }),
    });
    await engine.stack.up();
  });
  after(() => {
    cloud?.close();
    engine?.dispose();
  });
  beforeEach(() => {
    cloud.done.length = 0;
  });

  /** What updates of the service were told. */
  const updates = () =>
    cloud.done
      .filter(({ what, type }) => what === "update" && type === serviceType)
      .map(({ inputs: { taskDefinition, desiredCount } }) => ({ taskDefinition, desiredCount }));

  it("has at first as many tasks as it has at least", async () => {
    const { deployment } = await engine.stack.exportStack();
    expect(serviceIn(deployment).inputs.desiredCount).to.equal(2);
  });

  it("sets no other number with a release, though there shall be more at least", async () => {
    changes = {
      taskDefinitionArn: "task-definition:2",
      tasks: { min: 3, max: 6, targetCpuPercent: 60 },
    };
    await engine.stack.up();
    // The provider sends ECS what differs from before.
    expect(updates()).to.deep.equal([{ taskDefinition: "task-definition:2", desiredCount: 2 }]);
  });

  it("leaves the number that a refresh has found", async () => {
    const state = await engine.stack.exportStack();
    const { inputs, outputs } = serviceIn(state.deployment);
    inputs.desiredCount = 5;
    outputs.desiredCount = 5;
    await engine.stack.importStack(state);
    changes = { ...changes, taskDefinitionArn: "task-definition:3" };
    await engine.stack.up();
    expect(updates()).to.deep.equal([{ taskDefinition: "task-definition:3", desiredCount: 5 }]);
  });
});

interface State {
  type: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

function serviceIn({ resources }: { resources: State[] }): State {
  const service = resources.find(({ type }) => type === serviceType);
  if (!service) throw new Error("there is no service");
  return service;
}
