import { ECS } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { serverClock } from "../../../provider/ecs/serverClock.ts";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { FakeEcs } from "./support/fakeEcs.ts";

describe("serverClock", () => {
  const base = new FakeClock();
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  let time: number;
  let api: ServedApi;
  let client: ECS;

  beforeEach(async () => {
    time = Date.UTC(2040, 5, 1, 12, 0, 0);
    const ecs = new FakeEcs(base);
    api = await startCloudApi({ ecs, loadBalancing: {}, cloudwatch: {}, now: () => time });
    client = new ECS({ endpoint: api.url, region: "eu-central-1", credentials });
  });
  afterEach(async () => {
    client.destroy();
    await api.close();
  });

  it("goes by the cloud's own answers, and by its base before the first", async () => {
    const clock = serverClock(client, base);
    expect(clock.now()).to.equal(base.now());
    await client.describeServices({ services: ["platform"] });
    expect(clock.now()).to.equal(time);
    await clock.sleep(60);
    expect(clock.now()).to.equal(time + 60_000);
    time += 3_600_000;
    await client.describeServices({ services: ["platform"] });
    expect(clock.now()).to.equal(time);
  });

  it("stays with its base while that is as good", async () => {
    const clock = serverClock(client, base, 30);
    time = base.now() + 29_000;
    await client.describeServices({ services: ["platform"] });
    expect(clock.now()).to.equal(base.now());
    time = base.now() - 31_000;
    await client.describeServices({ services: ["platform"] });
    expect(clock.now()).to.equal(time);
    time = base.now();
    await client.describeServices({ services: ["platform"] });
    expect(clock.now()).to.equal(base.now());
  });
});
