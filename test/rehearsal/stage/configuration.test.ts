import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stackBounds } from "../../../rehearsal/preparation/stackBounds.ts";
import { stackSettings } from "../../../rehearsal/preparation/stackSettings.ts";
import { Configuration } from "../../../rehearsal/stage/configuration.ts";
import { serviceAddresses } from "../../../rehearsal/stage/serviceAddresses.ts";
import { Workspace } from "../../../rehearsal/stage/workspace.ts";
import { quick } from "../../../rehearsal/stories/quick.ts";

const release = { kind: "good" as const, name: "good 1", context: "/releases/1" };

describe("what a rehearsed stack is configured to", () => {
  let folder: string;
  let workspace: Workspace;
  let configuration: Configuration;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "symphainy-configuration-"));
    workspace = await Workspace.make(join(folder, "project"), "ec2");
    await workspace.configure({ "aws:endpoints": [{ ecs: "http://127.0.0.1:1" }] });
    configuration = await Configuration.of(workspace);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is the stack's own until a story says otherwise", async () => {
    const own = await workspace.ownSettings();
    expect(await configuration.begin()).to.equal(false);
    expect(await workspace.ownSettings()).to.deep.equal(own);
  });

  it("are a story's settings over them, which the next story takes away again", async () => {
    const own = await workspace.ownSettings();
    expect(await configuration.begin({ logRetentionDays: 7 })).to.equal(true);
    expect(await workspace.ownSettings()).to.deep.equal({ ...own, logRetentionDays: 7 });
    expect(await configuration.begin({ logRetentionDays: 7 })).to.equal(false);
    expect(await configuration.begin()).to.equal(true);
    expect(await workspace.ownSettings()).to.deep.equal(own);
  });

  it("is a release, which outlives a story, beside values that do not", async () => {
    await configuration.setRelease(release);
    await configuration.set({ tags: undefined, logRetentionDays: 7 });
    await configuration.setService({ env: { A: "1" } });
    expect((await workspace.services()).platform).to.deep.include({
      context: "/releases/1",
      port: 8000,
      env: { A: "1" },
    });
    expect(await workspace.ownSettings()).not.to.have.property("tags");
    expect(await configuration.begin()).to.equal(true);
    const { platform } = await workspace.services();
    expect(platform).to.deep.include({ context: "/releases/1" });
    expect(platform?.env).not.to.have.property("A");
    expect(await workspace.ownSettings()).to.have.property("tags");
  });

  it("has a release for each of several services", async () => {
    const services = {
      platform: { context: "platform", calls: ["insurance"] },
      insurance: { context: "platform", path: "/insurance" },
    };
    await configuration.begin({ services });
    await configuration.setRelease(release, "insurance");
    expect(await workspace.services()).to.deep.equal({
      ...services,
      insurance: { ...services.insurance, context: "/releases/1" },
    });
    await configuration.setRelease({ ...release, context: "/releases/2" });
    expect((await workspace.services()).platform).to.deep.equal({
      ...services.platform,
      context: "/releases/2",
    });
    // Both outlive the story.
    expect(await configuration.begin({ services })).to.equal(false);
    const urls = { insurance: "http://here/insurance", platform: "http://here" };
    expect(await serviceAddresses(workspace, urls)).to.deep.equal([
      { name: "platform", url: "http://here", calls: ["insurance"] },
      { name: "insurance", url: "http://here/insurance", calls: [] },
    ]);
    expect(await serviceAddresses(workspace, {})).to.deep.equal([]);
  });

  it("leaves other namespaces alone", async () => {
    await configuration.begin({ logRetentionDays: 7 });
    expect(await workspace.engineConfig()).to.include.keys("aws:endpoints", "aws:region");
  });

  it("can be copied", async () => {
    await configuration.setRelease(release);
    const copy = await workspace.copy(join(folder, "copy"));
    expect(await copy.ownSettings()).to.deep.equal(await workspace.ownSettings());
    await (await Configuration.of(copy)).setService({ context: "/releases/2" });
    expect((await workspace.services()).platform?.context).to.equal("/releases/1");
  });

  it("is allowed with the quick settings", async () => {
    await configuration.begin(quick.settings);
    const { rollout } = await stackSettings(workspace);
    expect(rollout.bakeMinutes).to.be.lessThan(10);
    const { firstStepPercent, gated, tasks } = await stackBounds(workspace, 30);
    expect({ firstStepPercent, gated, tasks }).to.deep.equal({
      firstStepPercent: 100,
      gated: true,
      tasks: 2,
    });
  });

  it("is refused where Cloud Deploy delivers, which is not rehearsed", async () => {
    const cloudRun = await Workspace.make(join(folder, "cloudrun"), "cloudrun");
    const repository =
      "projects/my-project/locations/europe-west1/connections/github/repositories/platform";
    await cloudRun.configure({ delivery: "cloudDeploy", cloudDeploy: { repository } });
    const message = await stackSettings(cloudRun).then(
      () => "it is allowed",
      (error: Error) => error.message,
    );
    expect(message).to.include("symphainy:delivery is cloudDeploy").and.include("Write pulumi");
  });

  it("has the bounds of its strategy", async () => {
    await configuration.begin({
      ...quick.settings,
      rollout: { ...(quick.settings.rollout as object), strategy: "CANARY" },
    });
    expect(await stackBounds(workspace, 30)).to.include({ firstStepPercent: 10, gated: true });
    await configuration.begin({
      ...quick.settings,
      rollout: { ...(quick.settings.rollout as object), strategy: "ROLLING" },
    });
    expect(await stackBounds(workspace, 30)).to.include({ firstStepPercent: 100, gated: false });
  });
});
