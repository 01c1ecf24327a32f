import { expect } from "chai";
import { cloudOf, clouds } from "../../rehearsal/clouds.ts";
import { type OpenRun, openRun } from "../../rehearsal/runs.ts";
import { Workspace } from "../../rehearsal/stage/workspace.ts";
import { targets } from "../../rehearsal/targets.ts";

describe("the cloud of a target", () => {
  let run: OpenRun;
  before(async () => {
    run = await openRun();
  });
  after(() => run.processes.close());

  for (const target of targets) {
    it(`${target}: is that of its stack's file, which says where it is deployed to`, async () => {
      const workspace = await Workspace.make(`${run.folder}/${target}`, target);
      const cloud = await cloudOf(workspace);
      expect(cloud).to.equal(clouds[target]);
      expect((await workspace.place(cloud.place)).region).to.match(/^[a-z]+-[a-z]+-?\d$/);
    });
  }

  it("has to be one that is known, and a place has to be said", async () => {
    const workspace = await Workspace.make(`${run.folder}/other`, "cloudrun");
    await workspace.configure({ "gcp:project": undefined, target: "azure" });
    const errors = await Promise.allSettled([
      cloudOf(workspace),
      workspace.place(clouds.cloudrun.place),
    ]);
    const said = errors.map((it) => (it.status === "rejected" ? String(it.reason) : ""));
    expect(said[0]).to.include('symphainy:target: "azure" can\'t be rehearsed');
    expect(said[1]).to.include("does not say gcp:project");
  });
});
