import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { promotionToken } from "../../provider/messages.ts";
import { type RolloutServer, serveRollout } from "../../provider/serveRollout.ts";
import { failureOf } from "./support/failureOf.ts";
import { FakeClock } from "./support/fakeClock.ts";
import { FakeCloud } from "./support/fakeCloud.ts";
import { liveAs, promotionInputs } from "./support/promotionInputs.ts";
import { type PromotionStack, promotionStack } from "./support/promotionStack.ts";

describe("the rollout provider on the real engine", function () {
  this.timeout(60_000);
  const secret = "the-secret-of-the-test-rule";
  const clock = new FakeClock();
  let cloud: FakeCloud;
  let server: RolloutServer;
  let test: PromotionStack;
  let output = "";

  before(async () => {
    cloud = new FakeCloud(clock);
    const { probe, clouds } = cloud;
    server = await serveRollout({ clock, probe, clouds, by: "ada" });
    test = await promotionStack({ port: server.port });
  });

  after(async () => {
    await server?.close();
    test?.dispose();
  });

  beforeEach(() => {
    cloud.log.length = 0;
    cloud.alarms.clear();
    cloud.health.clear();
    cloud.onCheckpoint = () => undefined;
  });

  const onOutput = (text: string) => {
    output += text;
  };
  // The SDK's own debug messages quote every answer of the engine; they are no output of an `up`.
  const shown = new Set<string | undefined>(["info", "info#err", "warning", "error"]);
  const onEvent = ({ diagnosticEvent: said }: EngineEvent) => {
    if (said && shown.has(said.severity)) output += said.message;
  };
  const up = () => test.up({ onOutput, onError: onOutput, onEvent });

  it("remembers of a first release that fails only that it was tried", async () => {
    test.inputs = promotionInputs("aaaa");
    cloud.health.set("aaaa", 60);
    const failure = await failureOf(up());
    expect(failure).to.contain(
      "platform: release aaaa did not go live: gate: health_percentage was 60, needs 80, 3 times in a row (5 min deadline); live: nothing",
    );
    const outputs = (await test.state(promotionToken))?.outputs;
    expect(outputs).not.to.have.property("live");
    expect(outputs?.history[0]).to.include({ release: "aaaa", by: "ada", verdict: "undone" });
  });

  it("previews the next try without touching the cloud", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.deep.equal({ update: 1, same: 1 });
    expect(cloud.log).to.deep.equal([]);
  });

  it("tries again: gate, bake, live", async () => {
    const { outputs } = await up();
    expect(cloud.log).to.deep.equal(["deploy aaaa", "gate: continue", "bake: continue"]);
    expect(outputs.live?.value.release).to.equal("aaaa");
  });

  it("has nothing to do the second time", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.deep.equal({ same: 2 });
  });

  it("keeps what is live in the state when a release fails its gate, and remembers the try", async () => {
    const before = await test.state(promotionToken);
    test.inputs = promotionInputs("bbbb");
    cloud.health.set("bbbb", 60);
    const failure = await failureOf(up());
    expect(failure).to.contain(
      "platform: release bbbb did not go live: gate: health_percentage was 60, needs 80, 3 times in a row (5 min deadline); live: release aaaa (unchanged)",
    );
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: rollBack"]);
    const after = await test.state(promotionToken);
    expect(after?.outputs?.live).to.deep.equal(before?.outputs?.live);
    expect(after?.outputs?.history.slice(1)).to.deep.equal(before?.outputs?.history);
    expect(after?.outputs?.history[0]).to.include({ release: "bbbb", verdict: "undone" });
  });

  it("undoes a release whose alarm fires in the bake", async () => {
    cloud.onCheckpoint = ({ purpose }) => {
      if (purpose === "bake") cloud.alarms.set("errors-b", { state: "ALARM", reason: "12 > 5" });
    };
    const failure = await failureOf(up());
    expect(failure).to.contain(
      "release bbbb did not go live: bake: alarm errors-b fired: 12 > 5; live: release aaaa (unchanged)",
    );
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: continue", "bake: rollBack"]);
  });

  it("previews an update with what is live still to come", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.deep.equal({ update: 1, same: 1 });
    expect(cloud.log).to.deep.equal([]);
  });

  it("updates once the release is healthy", async () => {
    const { outputs } = await up();
    expect(outputs.live?.value.release).to.equal("bbbb");
  });

  it("takes new numbers of the gate without a deployment", async () => {
    const inputs = promotionInputs("bbbb");
    test.inputs = { ...inputs, gate: { ...inputs.gate, consecutivePasses: 5 } };
    const { summary } = await up();
    expect(summary.resourceChanges).to.deep.equal({ update: 1, same: 1 });
    expect(cloud.log).to.deep.equal([]);
    expect((await test.state(promotionToken))?.outputs?.gate.consecutivePasses).to.equal(5);
  });

  it("deploys for another configuration of the same release", async () => {
    const inputs = promotionInputs("bbbb");
    test.inputs = {
      ...inputs,
      deployment: { ...inputs.deployment, configuration: "network-2" },
    };
    await up();
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: continue", "bake: continue"]);
  });

  it("shows drift after a refresh, and mends it", async () => {
    cloud.current = liveAs("aaaa");
    await test.stack.refresh();
    const state = await test.state(promotionToken);
    expect(state?.outputs?.live?.release).to.equal("aaaa");
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.deep.equal({ update: 1, same: 1 });
    const { outputs } = await up();
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: continue", "bake: continue"]);
    expect(outputs.live?.value.release).to.equal("bbbb");
  });

  it("has the roll-back requested when the user interrupts", async () => {
    test.inputs = promotionInputs("cccc");
    cloud.health.set("cccc", 60);
    cloud.onCheckpoint = () => {
      // Time stands still, so that only the interrupt can end the gate.
      clock.hold();
      test.interrupt();
    };
    const failure = await failureOf(up());
    clock.release();
    expect(failure).to.contain(
      "release cccc did not go live: cancelled; roll-back requested, the cloud finishes it; live before: release bbbb",
    );
    expect(cloud.log).to.deep.equal(["deploy cccc", "gate: rollBack"]);
    expect((await test.state(promotionToken))?.outputs?.live?.release).to.equal("bbbb");
  });

  it("serves the next update after an interrupted one", async () => {
    const { outputs } = await up();
    expect(outputs.live?.value.release).to.equal("cccc");
  });

  it("replaces the promotion of another service", async () => {
    const inputs = promotionInputs("cccc");
    test.inputs = { ...inputs, deployment: { ...inputs.deployment, ecsService: "other" } };
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.deep.equal({ replace: 1, same: 1 });
  });

  it("names each input that is wrong", async () => {
    const inputs = promotionInputs("cccc");
    test.inputs = { ...inputs, gate: { ...inputs.gate, thresholdPercent: 101 } };
    const failure = await failureOf(test.stack.preview());
    expect(failure).to.contain("gate.thresholdPercent must be a number from 1 to 100, not 101");
  });

  it("stops what is in flight when it is destroyed, and leaves nothing", async () => {
    test.inputs = undefined;
    await test.stack.destroy({ onOutput });
    expect(cloud.log).to.deep.equal(["stop"]);
    expect(await test.state(promotionToken)).to.equal(undefined);
  });

  it("forgets a promotion whose service has vanished", async () => {
    test.inputs = promotionInputs("aaaa");
    await up();
    cloud.current = undefined;
    await test.stack.refresh();
    expect(await test.state(promotionToken)).to.equal(undefined);
  });

  it("tells how far it is", () => {
    expect(output).to.contain("gate: 3 of 3: health 100 %");
    expect(output).to.contain("bake: 5 of 10 min, no alarm");
  });

  it("never shows the gate's secret", async () => {
    expect(output).not.to.contain(secret);
    expect(test.everyState()).not.to.contain(secret);
  });
});
