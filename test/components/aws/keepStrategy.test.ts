import type { ResourceHookArgs } from "@pulumi/pulumi";
import { expect } from "chai";
import { keepStrategy } from "../../../components/aws/keepStrategy.ts";
import { record } from "../../support/mocks.ts";

const args: ResourceHookArgs = {
  urn: "urn:pulumi:test::symphainy::aws:ecs/service:Service::platform",
  id: "arn:aws:ecs:eu-central-1:123456789012:service/symphainy/platform",
  name: "platform",
  type: "aws:ecs/service:Service",
};
const using = (strategy: string) => ({ deploymentConfiguration: { strategy } });

describe("keepStrategy", () => {
  async function change(oldInputs: object, newInputs: object): Promise<string | undefined> {
    const { result } = await record(() => keepStrategy("platform"));
    try {
      await result.callback({ ...args, oldInputs, newInputs });
    } catch (error) {
      return String(error);
    }
    return undefined;
  }

  it("lets a service change among the strategies that shift traffic", async () => {
    expect(await change(using("BLUE_GREEN"), using("CANARY"))).to.equal(undefined);
    expect(await change(using("LINEAR"), using("BLUE_GREEN"))).to.equal(undefined);
    expect(await change(using("ROLLING"), using("ROLLING"))).to.equal(undefined);
  });

  for (const [before, after] of [
    ["ROLLING", "CANARY"],
    ["BLUE_GREEN", "ROLLING"],
  ] as const) {
    it(`refuses ${before} → ${after}, and says the way out`, async () => {
      expect(await change(using(before), using(after)))
        .to.include(`symphainy:rollout.strategy is ${after}`)
        .and.include(`service platform exists with ${before}`)
        .and.include(`Set it back to ${before}`)
        .and.include("another stack");
    });
  }

  it("takes a service without a strategy for one that rolls, as ECS does", async () => {
    expect(await change({}, using("ROLLING"))).to.equal(undefined);
    expect(await change({}, using("BLUE_GREEN"))).to.include("exists with ROLLING");
  });

  it("says so at preview already", async () => {
    const { result } = await record(() => keepStrategy("platform"));
    expect(result.opts?.onDryRun).to.equal(true);
  });
});
