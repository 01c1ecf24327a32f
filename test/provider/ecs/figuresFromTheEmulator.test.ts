import type { CloudWatch as Client } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { cloudWatchClient } from "../../../provider/ecs/awsClients.ts";
import { CloudWatchFigures } from "../../../provider/ecs/cloudWatchFigures.ts";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import { CloudWatch } from "../../../rehearsal/cloud/cloudwatch/cloudWatch.ts";
import { ElbMetrics } from "../../../rehearsal/cloud/elb/elbMetrics.ts";
import { Meter } from "../../../rehearsal/cloud/elb/proxy/meter.ts";
import { Journal } from "../../../rehearsal/cloud/journal.ts";
import { ManualClock } from "../../rehearsal/cloudwatch/manualClock.ts";

const minute = 60_000;
const noon = Date.UTC(2026, 0, 1, 12);
const arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012";
const balancer = `${arn}:loadbalancer/app/main/50dc6c495c0c9188`;
const [a, b] = [`${arn}:targetgroup/a/73e2d6bc24d8a067`, `${arn}:targetgroup/b/83e2d6bc24d8a067`];

describe("CloudWatchFigures, with the SDK and the emulated CloudWatch", () => {
  const never = new AbortController().signal;
  const keys = { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" };
  const own = Object.keys(keys).map((name) => [name, process.env[name]] as const);
  let clock: ManualClock;
  let metrics: ElbMetrics;
  let cloudwatch: CloudWatch;
  let api: ServedApi;
  let client: Client;
  let figures: CloudWatchFigures;

  beforeEach(async () => {
    Object.assign(process.env, keys);
    clock = new ManualClock(noon);
    metrics = new ElbMetrics();
    cloudwatch = new CloudWatch({ clock, journal: new Journal(clock), metrics });
    api = await startCloudApi({ ecs: {}, loadBalancing: {}, cloudwatch });
    client = await cloudWatchClient({
      region: "eu-central-1",
      endpoints: { cloudwatch: api.url },
    });
    figures = new CloudWatchFigures("app/main/50dc6c495c0c9188", async () => client);
  });

  afterEach(async () => {
    client.destroy();
    await api.close();
    await cloudwatch.close();
    for (const [name, value] of own) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  /** A request each `everySeconds`, for some seconds; every tenth of `group` a fails. */
  async function traffic(group: string, seconds: number, everySeconds: number): Promise<void> {
    const meter = new Meter(clock);
    for (let index = 0; index < seconds / everySeconds; index += 1) {
      meter.count(balancer, group, "RequestCount");
      meter.responseTime(balancer, group, (index % 100) / 100 + 0.01);
      if (group === a && index % 10 === 9)
        meter.count(balancer, group, "HTTPCode_Target_5XX_Count");
      await clock.advance(everySeconds);
    }
    metrics.add(meter.collect());
  }

  it("reads a group's own minutes, once they are published", async () => {
    await traffic(a, 60, 0.5);
    await traffic(b, 60, 1);
    await clock.advance(60);
    await traffic(a, 30, 1);
    const read = (group: string) => figures.read(group, noon, noon + 10 * minute, never);
    const first = await read(a);
    expect(first).to.have.length(1);
    expect(first[0]).to.deep.include({ at: noon, requests: 120, errors: 12 });
    const { p50 = 0, p90 = 0, p95 = 0, p99 = 0 } = first[0]?.latency ?? {};
    // The emulator's own buckets are 2 % wide.
    expect(p50).to.be.closeTo(0.45, 0.06);
    expect(p90).to.be.closeTo(0.89, 0.05);
    expect(p95).to.be.closeTo(0.95, 0.04);
    expect(p99).to.be.closeTo(1, 0.04);
    expect(await read(b)).to.have.length(1);
    expect((await read(b))[0]).to.deep.include({ at: noon + minute, requests: 60, errors: 0 });
    await clock.advance(90);
    expect((await read(a)).map(({ at }) => at)).to.deep.equal([noon, noon + 3 * minute]);
  });

  it("knows nothing of a group without traffic", async () => {
    await traffic(a, 60, 1);
    await clock.advance(60);
    expect(await figures.read(b, noon, clock.now(), never)).to.deep.equal([]);
  });
});
