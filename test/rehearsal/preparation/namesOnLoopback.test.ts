import { expect } from "chai";
import { namesOnLoopback } from "../../../rehearsal/preparation/namesOnLoopback.ts";
import { stackSettings } from "../../../rehearsal/preparation/stackSettings.ts";
import { openRun } from "../../../rehearsal/runs.ts";
import { Workspace } from "../../../rehearsal/stage/workspace.ts";

describe("addresses that are others in a rehearsal", () => {
  it("are those of the services that a service calls", async () => {
    const run = await openRun();
    try {
      const workspace = await Workspace.make(`${run.folder}/project`, "ec2");
      expect(namesOnLoopback(await stackSettings(workspace))).to.deep.equal([]);
      const tasks = { min: 2, max: 2 };
      await workspace.configure({
        services: {
          platform: { context: "platform", cpu: 512, tasks, calls: ["insurance"] },
          insurance: { context: "platform", path: "/insurance", cpu: 512, tasks },
        },
      });
      expect(namesOnLoopback(await stackSettings(workspace))).to.deep.equal([
        "platform: http://insurance:8000/insurance is a port of this machine, where ECS has a name",
      ]);
    } finally {
      await run.processes.close();
    }
  });
});
