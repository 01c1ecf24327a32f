import { expect } from "chai";
import { connectEcs } from "../../../provider/ecs/connectEcs.ts";
import { connectControl } from "../../../provider/ecs/ecsControl.ts";
import { prepareUpdate } from "../../../provider/ecs/prepareUpdate.ts";
import { readRunner, writeRunner } from "../../../provider/runnerNote.ts";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import { failureOf } from "../support/failureOf.ts";
import { promotionInputs } from "../support/promotionInputs.ts";
import { EcsRig } from "./support/ecsRig.ts";
import { cluster, family } from "./support/fakeEcs.ts";
import { groupArn, productionRule, splitting } from "./support/fakeElb.ts";

describe("hooks and commands, over AWS's protocols", () => {
  const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const before = Object.keys(keys).map((name) => [name, process.env[name]] as const);
  let rig: EcsRig;
  let api: ServedApi;
  /** The cloud's, which is far from this machine's. */
  let time: number;

  beforeEach(async () => {
    Object.assign(process.env, keys);
    rig = new EcsRig();
    time = rig.clock.now() + 3_600_000;
    api = await startCloudApi({
      ecs: rig.ecs,
      loadBalancing: rig.elb,
      cloudwatch: {},
      now: () => time,
    });
    rig.ecs.revisions.set("revision/1", {
      resolvedConfiguration: {
        loadBalancers: [{ targetGroupArn: groupArn("a"), productionListenerRule: productionRule }],
      },
    });
    rig.ecs.deploy(1, { status: "SUCCESSFUL" });
  });
  afterEach(async () => {
    await api.close();
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const address = () => ({
    connection: { region: "eu-central-1", endpoints: { ecs: api.url, elbv2: api.url } },
    cluster,
    service: "platform",
  });

  it("prepare an update: pass a service at rest, and refuse what was changed by hand", async () => {
    const expected = { revision: `${family}1` };
    await prepareUpdate({ ...address(), expected });
    rig.elb.actions = splitting({ a: 50, b: 50 });
    expect(await failureOf(prepareUpdate({ ...address(), expected }))).to.contain(
      "is a 50 %, b 50 %, should be a 100 %",
    );
  });

  it("go by the cloud's time: a claim that has run out there does not count", async () => {
    rig.ecs.deploy(2, { createdAt: new Date(time - 600_000) });
    const until = time - 1000;
    const note = { by: "alice", since: until - 90_000, until, run: "00000000" };
    rig.ecs.tags.set("rollout:platform:runner", writeRunner(note));
    await prepareUpdate(address());
    expect(rig.ecs.log).to.deep.equal(["stop deployment/2 ROLLBACK"]);
  });

  it("are told by a promotion in the cloud's time that somebody is at it", async () => {
    const { connection } = address();
    const inputs = { ...promotionInputs().deployment, connection };
    const { controller } = await connectEcs(inputs, {
      clock: rig.clock,
      release: "aaaa",
      live: undefined,
    });
    const claim = await controller.claim("alice", rig.never);
    const note = readRunner(rig.ecs.tags.get("rollout:platform:runner"));
    await claim.release();
    expect(note?.until).to.be.within(time, time + 600_000);
  });

  it("show a release, hold it and let it go", async () => {
    const control = await connectControl(address());
    try {
      expect((await control.status()).live).to.include({ release: "release-1", weight: 100 });
      const hold = await control.hold("bob");
      // By the cloud's time, which goes on while its answers are under way.
      expect(hold.by).to.equal("bob");
      expect(Date.parse(hold.since)).to.be.within(time, time + 3_600_000);
      expect((await control.status()).hold).to.deep.equal(hold);
      await control.clearHold();
      expect((await control.status()).hold).to.equal(undefined);
    } finally {
      control.close();
    }
  });
});
