import { expect } from "chai";
import { scaledTable, scaledValues } from "../../../rehearsal/preparation/scaledValues.ts";
import { stackSettings } from "../../../rehearsal/preparation/stackSettings.ts";
import { type OpenRun, openRun } from "../../../rehearsal/runs.ts";
import { Workspace } from "../../../rehearsal/stage/workspace.ts";

describe("what a rehearsal speeds up", () => {
  let run: OpenRun;
  let workspace: Workspace;

  before(async () => {
    run = await openRun();
    workspace = await Workspace.make(`${run.folder}/project`, "ec2");
  });
  after(() => run.processes.close());

  it("is every wait that the stack or the cloud sets, by the speed", async () => {
    const values = scaledValues(await stackSettings(workspace), 30);
    const byName = new Map(values.map((value) => [value.name, value]));
    expect(byName.get("bake")).to.deep.include({ cloudSeconds: 600, realSeconds: 20 });
    expect(byName.get("bake of ECS itself")).to.deep.include({ cloudSeconds: 60, realSeconds: 2 });
    expect(byName.get("proof: deadline")).to.deep.include({ realSeconds: 4 });
    expect(byName.get("platform: container check: interval")).to.deep.include({ realSeconds: 1 });
    expect(byName.get("platform: DRAIN_SECONDS")).to.deep.include({ realSeconds: 0.667 });
    const grace = "platform: load balancer check: grace period of a new task";
    // A process that starts needs its time for it, too.
    expect(byName.get(grace)).to.deep.include({ cloudSeconds: 95, realSeconds: 95 / 30 + 3 });
    for (const { name, cloudSeconds, realSeconds } of values) {
      if (name === grace) continue;
      expect(realSeconds, name).to.be.closeTo(cloudSeconds / 30, 0.001);
    }
  });

  it("follows the stack's own settings, with the program's defaults for what they leave out", async () => {
    await workspace.configure({ rollout: { bakeMinutes: 20 }, health: { intervalSeconds: 45 } });
    const values = scaledValues(await stackSettings(workspace), 60);
    const byName = new Map(values.map((value) => [value.name, value.realSeconds]));
    expect(byName.get("bake")).to.equal(20);
    expect(byName.get("platform: container check: interval")).to.equal(0.75);
    expect(byName.get("scale-up: limit")).to.equal(15);
    await workspace.configure({ rollout: {}, health: {} });
  });

  it("is on Cloud Run what Cloud Run waits for", async () => {
    const onCloudRun = await Workspace.make(`${run.folder}/cloudrun`, "cloudrun");
    const values = scaledValues(await stackSettings(onCloudRun), 30);
    const byName = new Map(values.map((value) => [value.name, value.realSeconds]));
    expect(byName.get("figures: publication lag")).to.equal(6);
    expect(byName.get("platform: readiness probe: period")).to.be.closeTo(5 / 30, 0.001);
    expect([...byName.keys()].join()).not.to.match(/ECS|load balancer|container check/);
  });

  it("is told in a table", () => {
    const rows = scaledTable([
      { name: "bake", cloudSeconds: 600, realSeconds: 20 },
      { name: "load balancer check: interval", cloudSeconds: 5, realSeconds: 1 / 6 },
    ]);
    expect(rows).to.deep.equal([
      "  wait                           in the cloud     here",
      "  bake                                 10 min     20 s",
      "  load balancer check: interval           5 s   0.17 s",
    ]);
  });

  it("is not worked out from settings that are wrong", async () => {
    await workspace.configure({ health: { thresholdPercent: 101 } });
    const error = await stackSettings(workspace).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.include("symphainy:health.thresholdPercent is 101");
  });
});
