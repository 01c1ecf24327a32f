import { expect } from "chai";
import { systemClock } from "../../../provider/clock.ts";
import { type CloudEvent, Journal } from "../../../rehearsal/cloud/journal.ts";
import { waveThrough } from "../../../rehearsal/stage/waveThrough.ts";

describe("what is waved through", () => {
  const words: string[] = [];
  const play = {
    command: async (_script: string, args: string[]) => {
      words.push(args.join(" "));
      return { exitCode: 0, output: "" };
    },
  };
  const weights = (a: number, b: number, rule = {}): CloudEvent => ({
    kind: "weights",
    rule: "rule",
    traffic: "production",
    weights: { "platform-a-0123456": a, "platform-b-0123456": b },
    ...rule,
  });
  const onCloudRun = (moment: "gate" | "step" | "bake"): CloudEvent => ({
    kind: "release",
    service: "symphainy-cloudrun-platform-0123456",
    revision: "platform-00002",
    release: "0123456789ab",
    from: "ba9876543210",
    moment,
    after: null,
  });

  async function wordsAt(...events: CloudEvent[]): Promise<string[]> {
    words.length = 0;
    const journal = new Journal(systemClock);
    await waveThrough(play, journal, async () => {
      for (const event of events) journal.record(event);
    });
    journal.record(weights(50, 50));
    return words;
  }

  it("is each step and the bake of a deployment, by the name of its service", async () => {
    const baking: CloudEvent = {
      kind: "deployment",
      deployment: "ecs-svc/1",
      service: "platform-0123456",
      release: "0123456789ab",
      from: null,
      status: "IN_PROGRESS",
      stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
    };
    const word = "STACK promote --service platform";
    const shift = [weights(90, 10), weights(50, 50), weights(0, 100), baking];
    expect(await wordsAt(...shift)).to.deep.equal([word, word, word]);
  });

  it("is the same on Cloud Run, where the release's own moments tell it", async () => {
    const shared = { service: "symphainy-cloudrun-platform-0123456" };
    const shift = [onCloudRun("gate"), weights(90, 10, shared), onCloudRun("step")];
    const word = "STACK promote --service platform";
    expect(await wordsAt(...shift, onCloudRun("bake"))).to.deep.equal([word, word]);
  });

  it("is no test traffic", async () => {
    expect(await wordsAt(weights(50, 50, { traffic: "test" }))).to.deep.equal([]);
  });
});
