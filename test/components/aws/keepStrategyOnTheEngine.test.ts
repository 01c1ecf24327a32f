import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { keepStrategy } from "../../../components/aws/keepStrategy.ts";
import { type EchoCloud, serveEchoCloud } from "../../support/echoCloud.ts";
import { type EngineStack, engineStack } from "../../support/engineStack.ts";

describe("keepStrategy on the real engine", function () {
  this.timeout(60_000);
  let cloud: EchoCloud;
  let engine: EngineStack;
  let strategy = "BLUE_GREEN";

  before(async () => {
    cloud = await serveEchoCloud();
    engine = await engineStack({
      project: "strategy",
      attached: { aws: cloud.port },
      program: async () => {
        new Service(
          "platform",
          { deploymentConfiguration: { strategy } },
          { hooks: { beforeUpdate: [keepStrategy("platform")] } },
        );
      },
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

  it("fails a preview that would make a service roll", async () => {
    strategy = "ROLLING";
    const message = await engine.stack.preview().then(
      () => "it went through",
      (error: Error) => error.message,
    );
    expect(message).to.include("Set it back to BLUE_GREEN");
    expect(cloud.done).to.deep.equal([]);
  });

  it("lets one through that moves traffic in another way", async () => {
    strategy = "CANARY";
    await engine.stack.preview();
    await engine.stack.up();
    expect(cloud.done.map(({ what, type }) => `${what} ${type}`)).to.deep.equal([
      "update aws:ecs/service:Service",
    ]);
  });
});

class Service extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("aws:ecs/service:Service", name, inputs, opts);
  }
}
