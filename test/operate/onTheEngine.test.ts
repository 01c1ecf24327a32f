import { expect } from "chai";
import type { PromotionInputs, PromotionRecord } from "../../provider/messages.ts";
import { promotionInputs } from "../provider/support/promotionInputs.ts";
import { gateAndBake } from "../rehearsal/ecs/support/world.ts";
import { promotionRecord } from "../support/promotionRecord.ts";
import { type EmulatedCloud, emulatedCloud } from "./support/emulatedCloud.ts";
import {
  type Ended,
  ecsServiceResource,
  type OperatedStack,
  operatedStack,
  rootResources,
  stateOf,
} from "./support/operatedStack.ts";
import { type RunningUp, runningUp } from "./support/runningUp.ts";
import { ids } from "./support/statuses.ts";

const { a, b, c } = ids;

describe("the operator's commands, on the engine and the emulated ECS", function () {
  this.timeout(120_000);
  let stack: OperatedStack;
  let cloud: EmulatedCloud;

  before(async () => {
    stack = await operatedStack();
  });
  after(() => stack.dispose());

  /** The service as the state of this stack knows it. */
  function inputs(): PromotionInputs {
    const { deployment, ...rest } = promotionInputs();
    const { connection } = cloud;
    return { ...rest, deployment: { ...deployment, cluster: "main", connection } };
  }

  async function promoted(history: PromotionRecord[]): Promise<void> {
    await stack.hold(stateOf(inputs(), { history, drift: [] }));
  }

  const release = (...args: string[]) => stack.run("release", "ec2", ...args);
  const rollback = (...args: string[]) => stack.run("rollback", "ec2", ...args);

  /** What a command printed that has to have worked. */
  async function done(command: Promise<Ended>): Promise<string> {
    const { code, out, err } = await command;
    expect(code, `${out}${err}`).to.equal(0);
    expect(err).to.equal("");
    return out;
  }

  describe("with a release at its gate", () => {
    before(async () => {
      cloud = await emulatedCloud();
      await cloud.world.live(a);
      await cloud.world.update(b);
      await cloud.world.paused("POST_TEST_TRAFFIC_SHIFT");
      cloud.stop();
      await promoted([promotionRecord(a, 1)]);
    });
    after(() => cloud.close());

    it("status says what is live, what is on its way, and until when it waits", async () => {
      const text = await done(release("status"));
      expect(text).to.match(new RegExp(`^platform\n  live +${a}  since 20`));
      expect(text).to.match(new RegExp(`  candidate +${b}  since 20`));
      expect(text).to.include("  traffic    live 100 %, candidate 0 %");
      expect(text).to.include("  stage      POST_TEST_TRAFFIC_SHIFT, IN_PROGRESS");
      expect(text).to.match(/ {2}waits +for a verdict until 2030-.* UTC, then ECS undoes it/);
      expect(text).to.include("  run by     nobody");
      expect(text).to.include("candidate 2 of 2 tasks running");
    });

    it("status says the same to machines, and only reads", async () => {
      cloud.calls();
      const { stack: name, services } = JSON.parse(await done(release("status", "--json")));
      expect(name).to.equal("ec2");
      expect(services[0]).to.deep.include({ service: "platform", drift: [] });
      expect(services[0].candidate).to.include({ release: b, isUndone: false, weight: 0 });
      for (const call of cloud.calls()) expect(call).to.match(/^(Describe|List)/);
    });

    it("pause holds it, twice the same, and resume takes that off, twice the same", async () => {
      expect(await done(release("pause"))).to.match(
        new RegExp(`^Release ${b} of platform is held, at POST_TEST_TRAFFIC_SHIFT, until 2030-`),
      );
      expect(await done(release("pause", "--json"))).to.include("is held already, by ");
      expect(await done(release("status"))).to.match(/ {2}held by +.+@.+, since 20/);
      expect(await done(release("resume"))).to.include("platform is not held any more");
      expect(await done(release("resume"))).to.equal("Nobody holds platform.\n");
    });

    it("promote lets it pass", async () => {
      const before = cloud.verdicts().length;
      expect(await done(release("promote"))).to.include("passes POST_TEST_TRAFFIC_SHIFT");
      expect(cloud.verdicts().slice(before)).to.deep.equal([
        "CONTINUE by api at POST_TEST_TRAFFIC_SHIFT",
      ]);
    });
  });

  describe("with a release in its bake", () => {
    beforeEach(async () => {
      cloud = await emulatedCloud();
      await cloud.world.live(a);
      await cloud.world.update(b);
      await cloud.world.paused("POST_TEST_TRAFFIC_SHIFT");
      await cloud.world.answer("CONTINUE");
      await cloud.world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
      cloud.stop();
      await promoted([promotionRecord(a, 2), promotionRecord(c, 1)]);
    });
    afterEach(() => cloud.close());

    it("abort has it undone, once", async () => {
      const before = cloud.verdicts().length;
      expect(await done(release("abort"))).to.include(`traffic is back on release ${a}`);
      expect(await done(release("abort"))).to.include("is being undone already");
      expect(cloud.verdicts().slice(before)).to.deep.equal([
        "ROLLBACK by api at POST_PRODUCTION_TRAFFIC_SHIFT",
      ]);
    });

    it("rollback has it undone at once and pins what is live, once", async () => {
      const before = cloud.verdicts().length;
      expect(await done(rollback())).to.equal(
        [
          `Release ${b} of platform is being undone: production traffic goes back to release ${a}.`,
          `Release ${a} is pinned: symphainy:services.platform.release in the configuration of stack ec2.`,
          `Next, when the pulumi up that brought ${b} has ended: pulumi up --refresh --stack ec2`,
          "Forward again, later: pulumi config rm --path symphainy:services.platform.release --stack ec2 && pulumi up --stack ec2",
          "",
        ].join("\n"),
      );
      const settings = stack.settings();
      expect(settings).to.include(`      release: ${a}\n`);
      expect(await done(rollback())).to.include("is pinned already; nothing is changed");
      expect(stack.settings()).to.equal(settings);
      expect(cloud.verdicts().slice(before)).to.deep.equal([
        "ROLLBACK by api at POST_PRODUCTION_TRAFFIC_SHIFT",
      ]);
    });
  });

  describe("with nothing on its way", () => {
    before(async () => {
      cloud = await emulatedCloud();
      await cloud.world.live(b);
      cloud.stop();
      await promoted([
        promotionRecord(c, 3, { from: b, verdict: "undone", reason: "gate: 60 %" }),
        promotionRecord(b, 2, { from: a }),
        promotionRecord(a, 1),
      ]);
    });
    after(() => cloud.close());
    beforeEach(() => stack.configure("config:\n  aws:region: eu-central-1\n"));

    it("status and history say so", async () => {
      const text = await done(release("status"));
      expect(text).to.include("candidate  none, nothing is under way");
      expect(text).to.match(new RegExp(`live +${b} `));
      const history = await done(release("history"));
      expect(history).to.match(new RegExp(`${b} +${c} +- +- +- +undone\n    gate: 60 %\n`));
      expect(history.split("\n")).to.have.length(1 + 1 + 3 + 1 + 1);
      const { services } = JSON.parse(await done(release("history", "--json")));
      expect(services[0].history[1]).to.deep.equal(promotionRecord(b, 2, { from: a }));
    });

    for (const verb of ["pause", "promote", "abort"]) {
      it(`${verb} can't be done`, async () => {
        const { code, out, err } = await release(verb);
        expect(code).to.equal(1);
        expect(out).to.equal("");
        expect(err).to.match(/^Nothing is under way for platform, .*\n$/);
      });
    }

    it("rollback pins the release before, with the project's default, once", async () => {
      expect(await done(rollback())).to.include(
        `Next, to bring release ${a} back: pulumi up --stack ec2`,
      );
      const settings = stack.settings();
      expect(settings).to.include("context: platform").and.include(`release: ${a}`);
      expect(await done(rollback())).to.include("is pinned already; nothing is changed");
      expect(stack.settings()).to.equal(settings);
    });

    it("rollback to a release that never went live lists those that did", async () => {
      const settings = stack.settings();
      const { code, err } = await rollback("--to", c);
      expect(code).to.equal(1);
      expect(err).to.include(`Release ${c} of platform is not recorded as having gone live`);
      expect(err).to.include(`  ${a}  live since 2030-01-01 01:10:00 UTC\n`);
      expect(stack.settings()).to.equal(settings);
    });

    it("a service that there is not is answered with those that there are", async () => {
      const { code, err } = await release("status", "--service", "web");
      expect(code).to.equal(1);
      expect(err).to.equal("The stack has no service web. Its services: platform.\n");
    });
  });

  describe("before a first promotion has ended", () => {
    before(async () => {
      cloud = await emulatedCloud();
      await cloud.world.create(a, gateAndBake);
      await cloud.world.paused("POST_TEST_TRAFFIC_SHIFT");
      cloud.stop();
      const { endpoints, region } = cloud.connection;
      const aws = JSON.stringify([endpoints]);
      stack.configure(`config:\n  aws:region: ${region}\n  aws:endpoints: ${aws}\n`);
    });
    after(() => cloud.close());

    it("abort finds the service by the stack's own configuration", async () => {
      const service = ecsServiceResource("main", "platform");
      await stack.hold([...rootResources, service]);
      expect(await done(release("abort"))).to.include(
        "is being undone; nothing is live in the end",
      );
      expect(cloud.verdicts()).to.deep.equal(["ROLLBACK by api at POST_TEST_TRAFFIC_SHIFT"]);
    });

    it("a stack without a service has nothing to tell", async () => {
      await stack.hold(rootResources);
      const said = "Stack ec2 has no service yet; pulumi up deploys.\n";
      expect(await done(release("status"))).to.equal(said);
      expect(await done(release("history"))).to.equal(said);
      const { code, err } = await release("pause");
      expect(code).to.equal(1);
      expect(err).to.include("Nothing is deployed there yet");
    });
  });

  describe("while pulumi up makes the first promotion, and holds the stack's lock", () => {
    let up: RunningUp | undefined;

    before(async () => {
      cloud = await emulatedCloud();
      await cloud.world.create(a, gateAndBake);
      await cloud.world.paused("POST_TEST_TRAFFIC_SHIFT");
      cloud.stop();
      stack.configure("config:\n  aws:region: eu-central-1\n  symphainy:target: ec2\n");
      await stack.hold([]);
      up = await runningUp(stack, inputs());
    });
    after(async () => {
      await up?.end();
      await cloud.close();
    });

    it("status finds it, and the lock stays where it is", async () => {
      const locks = up?.locks();
      expect(locks).to.have.length(1);
      const text = await done(release("status"));
      expect(text)
        .to.include("  live       nothing yet")
        .and.match(new RegExp(`candidate +${a}`));
      expect(up?.locks()).to.deep.equal(locks);
    });

    it("abort has it undone", async () => {
      expect(await done(release("abort"))).to.include(
        "is being undone; nothing is live in the end",
      );
      expect(cloud.verdicts()).to.deep.equal(["ROLLBACK by api at POST_TEST_TRAFFIC_SHIFT"]);
    });

    it("rollback refuses, as nothing was live before", async () => {
      const { code, err } = await rollback();
      expect(code).to.equal(1);
      expect(err).to.include("Nothing was live before");
    });
  });
});
