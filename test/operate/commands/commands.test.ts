import { expect } from "chai";
import { CannotDo } from "../../../operate/cannotDo.ts";
import { abort } from "../../../operate/commands/abort.ts";
import type { Command } from "../../../operate/commands/command.ts";
import { pause } from "../../../operate/commands/pause.ts";
import { promote } from "../../../operate/commands/promote.ts";
import { resume } from "../../../operate/commands/resume.ts";
import type { ReleaseStatus } from "../../../provider/releaseControl.ts";
import { failureOf } from "../../provider/support/failureOf.ts";
import { FakeControl } from "../support/fakeControl.ts";
import { candidateSide, ids } from "../support/statuses.ts";

const { a, b } = ids;
const candidate = candidateSide(b);
const moving = candidateSide(b, { stage: "SCALE_UP", checkpoint: undefined });
const undone = candidateSide(b, { isUndone: true, status: "ROLLBACK_IN_PROGRESS" });
const hold = { by: "bob@desk", since: "2030-01-01T11:05:00.000Z" };

function given(status: Partial<ReleaseStatus>, strategy = "BLUE_GREEN") {
  const control = new FakeControl(status);
  const signal = new AbortController().signal;
  const subject = {
    stack: "ec2",
    service: "platform",
    strategy,
    by: "ada@laptop",
    control,
    signal,
  };
  return { control, run: (command: Command) => command(subject) };
}

describe("the commands on a release under way", () => {
  it("pause holds it, and says until when", async () => {
    const { control, run } = given({ candidate });
    expect(await run(pause)).to.equal(
      `Release ${b} of platform is held, at POST_TEST_TRAFFIC_SHIFT, until 2030-01-01 11:30:00 UTC; then ECS undoes it. Go on: npm run release -- ec2 resume --service platform`,
    );
    expect(control.current.hold?.by).to.equal("ada@laptop");
  });

  it("pause says that it stops at the next checkpoint", async () => {
    const { run } = given({ candidate: moving });
    expect(await run(pause)).to.include("is held, and stops at its next checkpoint");
  });

  it("pause refuses where there are no checkpoints, and names what helps", async () => {
    const { control, run } = given({ candidate: moving }, "ROLLING");
    expect(await failureOf(run(pause))).to.include("abort --service platform");
    expect(control.current.hold).to.equal(undefined);
  });

  it("pause leaves another's hold, the second time too", async () => {
    const { control, run } = given({ candidate, hold });
    expect(await run(pause)).to.include("held already, by bob@desk since 2030-01-01 11:05:00 UTC");
    expect(control.current.hold).to.equal(hold);
  });

  it("resume takes the hold off, once", async () => {
    const runner = { by: "ada@laptop", since: hold.since };
    const { control, run } = given({ candidate, hold, runner });
    expect(await run(resume)).to.include(`ada@laptop goes on with release ${b}`);
    expect(await run(resume)).to.equal("Nobody holds platform.");
    expect(control.current.hold).to.equal(undefined);
  });

  it("resume says that nobody goes on", async () => {
    const { run } = given({ candidate, hold });
    expect(await run(resume)).to.include(`Nobody follows release ${b}: run pulumi up`);
  });

  it("resume takes off a hold that outlived its release", async () => {
    const { control, run } = given({ hold });
    await run(resume);
    expect(control.current.hold).to.equal(undefined);
  });

  it("promote lets it pass the checkpoint", async () => {
    const { control, run } = given({ candidate, hold });
    expect(await run(promote)).to.equal(
      `Release ${b} of platform passes POST_TEST_TRAFFIC_SHIFT on your word; bob@desk still holds it at the next.`,
    );
    expect(control.calls).to.deep.equal(["promoteNow"]);
  });

  it("promote refuses where it waits for nothing", async () => {
    const { control, run } = given({ candidate: moving });
    expect(await failureOf(run(promote))).to.include("waits for nothing now, at SCALE_UP");
    expect(control.calls).to.deep.equal([]);
  });

  it("abort has it undone, once", async () => {
    const { control, run } = given({ candidate });
    expect(await run(abort)).to.include(`being undone; traffic is back on release ${a} in the end`);
    expect(await run(abort)).to.include("being undone already (ROLLBACK_IN_PROGRESS)");
    expect(control.calls).to.deep.equal(["abortNow"]);
  });

  it("abort says that nothing is live after the first release", async () => {
    const { run } = given({ candidate, live: undefined });
    expect(await run(abort)).to.include("nothing is live in the end");
  });
});

describe("the commands with nothing under way", () => {
  for (const [name, command] of Object.entries({ pause, promote, abort })) {
    it(`${name} can't be done, and says what is live`, async () => {
      const { control, run } = given({});
      const failure = run(command);
      expect(await failureOf(failure)).to.match(
        new RegExp(`^Nothing is under way for platform, .*; release ${a} is live\\.$`),
      );
      await failure.catch((error: unknown) => expect(error).to.be.instanceOf(CannotDo));
      expect(control.calls).to.deep.equal([]);
    });
  }

  for (const [name, command] of Object.entries({ pause, promote })) {
    it(`${name} can't be done while the release is being undone`, async () => {
      const { run } = given({ candidate: undone });
      expect(await failureOf(run(command))).to.include("is being undone already");
    });
  }
});
