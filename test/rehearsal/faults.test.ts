import {
  CloudWatchClient,
  type CloudWatchServiceException,
  DescribeAlarmsCommand,
} from "@aws-sdk/client-cloudwatch";
import { DescribeClustersCommand, ECSClient, type ECSServiceException } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import type { ServedApi } from "../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../rehearsal/cloud/api/startCloudApi.ts";
import { Faults } from "../../rehearsal/cloud/faults.ts";
import { Journal } from "../../rehearsal/cloud/journal.ts";
import { ManualClock } from "./cloudwatch/manualClock.ts";

describe("faults of the cloud's API", () => {
  let clock: ManualClock;
  let faults: Faults;
  let api: ServedApi;
  let ecs: ECSClient;
  let cloudwatch: CloudWatchClient;
  let asked: number;

  const make = (seed = 7) => {
    const journal = new Journal(clock);
    return { journal, faults: new Faults({ clock, journal, seed }) };
  };
  const describeClusters = () => ecs.send(new DescribeClustersCommand({}));

  beforeEach(async () => {
    clock = new ManualClock(0);
    ({ faults } = make());
    asked = 0;
    const count = async () => {
      asked += 1;
      return {};
    };
    api = await startCloudApi({
      ecs: { describeClusters: count },
      loadBalancing: {},
      cloudwatch: { describeAlarms: count },
      intercept: (service) => faults.intercept(service),
    });
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const config = { endpoint: api.url, region: "eu-central-1", credentials, maxAttempts: 1 };
    ecs = new ECSClient(config);
    cloudwatch = new CloudWatchClient(config);
  });
  afterEach(async () => {
    ecs.destroy();
    cloudwatch.destroy();
    await api.close();
  });

  it("throttle as AWS does, and as its SDK understands, for as long as they say", async () => {
    faults.throttle({ seconds: 60, share: 1 });
    const refused: ECSServiceException = await rejection(describeClusters());
    expect(refused.name).to.equal("ThrottlingException");
    expect(refused.message).to.equal("Rate exceeded");
    expect(refused.$metadata.httpStatusCode).to.equal(400);
    const other: CloudWatchServiceException = await rejection(
      cloudwatch.send(new DescribeAlarmsCommand({})),
    );
    expect(other.name).to.equal("Throttling");
    expect(asked).to.equal(0);
    expect(faults.hits).to.equal(2);
    await clock.advance(60);
    await describeClusters();
    expect(asked).to.equal(1);
  });

  it("leave a share of the calls alone, always the same for a seed", () => {
    const run = (seed: number) => {
      const one = make(seed).faults;
      one.throttle();
      return Array.from({ length: 300 }, () => {
        try {
          one.intercept("ecs");
          return "answered";
        } catch {
          return "refused";
        }
      });
    };
    expect(run(1)).to.deep.equal(run(1));
    expect(run(1)).not.to.deep.equal(run(2));
    expect(run(1).filter((it) => it === "refused").length).to.be.within(170, 230);
  });

  it("cut every connection without an answer until the API is back", async () => {
    await describeClusters();
    faults.down();
    const error = await rejection<Error & { code?: string }>(describeClusters());
    expect(error.code).to.equal("ECONNRESET");
    expect(asked).to.equal(1);
    faults.up();
    await describeClusters();
    expect(asked).to.equal(2);
  });

  it("are journalled once", () => {
    const { faults: one, journal } = make();
    one.up();
    one.throttle({ seconds: 30 });
    one.down();
    one.down();
    one.up();
    one.up();
    expect(journal.events.map((event) => event.kind === "fault" && event.what)).to.deep.equal([
      "the API throttles 67 % of its calls for 30 s",
      "the API is gone",
      "the API is well again",
    ]);
  });
});

async function rejection<E extends Error>(promise: Promise<unknown>): Promise<E> {
  return await promise.then(
    () => Promise.reject(new Error("was answered")),
    (error: E) => error,
  );
}
