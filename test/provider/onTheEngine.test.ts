import { expect } from "chai";
import { FakeClock } from "./support/fakeClock.ts";
import { FakeCloud } from "./support/fakeCloud.ts";
import { promotionInputs, taskDefinitionOf } from "./support/promotionInputs.ts";
import { promotionStack, type PromotionStack } from "./support/engine.ts";
import { type RolloutServer, serveRollout } from "../../provider/serveRollout.ts";

describe("the rollout provider on the real engine", function () {
  this.timeout(60_000);
  let cloud: FakeCloud;
  let server: RolloutServer;
  let test: PromotionStack;

  before(async () => {
    const clock = new FakeClock();
    cloud = new FakeCloud(clock);
    for (const release of ["aaaa", "bbbb", "cccc"]) {
      cloud.releases.set(taskDefinitionOf(release), release);
    }
    const { probe, controllers } = cloud;
    server = await serveRollout({ clock, probe, controllers });
    test = await promotionStack({ port: server.port });
  });

  after(async () => {
    await server.close();
    test.dispose();
  });

  it("creates: gate, bake, live", async () => {
    test.inputs = promotionInputs("aaaa");
    const { outputs } = await test.stack.up();
    expect(cloud.log).to.deep.equal(["deploy aaaa", "gate: continue", "bake: continue"]);
    expect(outputs.live?.value.release).to.equal("aaaa");
  });

  it("has nothing to do the second time", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.deep.equal({ same: 2 });
  });
});
