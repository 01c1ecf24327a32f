import { expect } from "chai";
import type { ProxySabotage } from "../../../rehearsal/cloud/elb/wire.ts";
import { startLoad } from "../../../rehearsal/load/loadGenerator.ts";
import type { LoadReport } from "../../../rehearsal/load/loadReport.ts";
import { EchoServer } from "../load/echoServer.ts";
import { onlyService } from "../load/onlyService.ts";
import { until } from "../processes/until.ts";
import {
  forwardTo,
  makeFront,
  makeGroup,
  makeRule,
  openCloud,
  reachesState,
  register,
} from "./cloud.ts";

describe("a release under load", function () {
  this.timeout(60_000);

  /** Moves all traffic from one group to another and back, and drains the first one's targets one by one. */
  async function shiftUnderLoad(sabotage?: ProxySabotage): Promise<LoadReport> {
    const cloud = await openCloud({ speed: 30, sabotage });
    const servers = await Promise.all(["a", "a", "b"].map((release) => EchoServer.start(release)));
    const [first, second, candidate] = servers as [EchoServer, EchoServer, EchoServer];
    try {
      const elb = cloud.loadBalancing;
      const front = await makeFront(cloud);
      const blue = await makeGroup(cloud, "blue", { delaySeconds: 60 });
      const green = await makeGroup(cloud, "green", { delaySeconds: 60 });
      const rule = await makeRule(cloud, front.listener, { [blue]: 100, [green]: 0 });
      const targets = [
        { group: blue, target: await register(cloud, blue, first.port) },
        { group: blue, target: await register(cloud, blue, second.port) },
        { group: green, target: await register(cloud, green, candidate.port) },
      ];
      for (const { group, target } of targets) {
        await reachesState(cloud, group, target, "healthy");
      }
      const load = await startLoad({
        processes: cloud.processes,
        services: onlyService(front.url),
        seed: 1,
        requestsPerSecond: 200,
        mix: { long: 10 },
        longRequestSeconds: 1,
      });
      const shift = async (weights: [number, number]) => {
        const Actions = forwardTo({ [blue]: weights[0], [green]: weights[1] });
        await elb.modifyRule({ RuleArn: rule, Actions });
        await load.answered(load.snapshot().total + 100);
      };
      await load.answered(300);
      for (const share of [10, 50, 100, 0, 100]) await shift([100 - share, share]);
      for (const { target } of targets.slice(0, 2)) {
        await elb.deregisterTargets({ TargetGroupArn: blue, Targets: [target] });
      }
      await until(async () => {
        const { TargetHealthDescriptions } = await elb.describeTargetHealth({
          TargetGroupArn: blue,
        });
        return TargetHealthDescriptions?.length === 0;
      });
      await Promise.all([first.close(), second.close()]);
      await load.answered(load.snapshot().total + 100);
      const report = await load.stop();
      expect((await elb.stats()).inFlight).to.equal(0);
      return report;
    } finally {
      await cloud.close();
      await Promise.all(servers.map((server) => server.close()));
    }
  }

  it("loses no request when weights move and targets are drained", async () => {
    const report = await shiftUnderLoad();
    expect(report.failures).to.eql([]);
    expect(report.failed + report.defective).to.equal(0);
    expect(new Set(report.responses.map(({ release }) => release))).to.eql(new Set(["a", "b"]));
    expect(report.responses.at(-1)?.release).to.equal("b");
  });

  it("loses long requests when deregistered targets are not drained", async () => {
    const report = await shiftUnderLoad({ deregistrationDelaySeconds: 0 });
    expect(report.failed).to.be.above(0);
    expect(report.failures.every(({ status }) => status === 502 || status === 0)).to.equal(true);
  });
});
