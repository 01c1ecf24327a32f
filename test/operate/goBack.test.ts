import { expect } from "chai";
import { goBack } from "../../operate/goBack.ts";
import { Pin } from "../../operate/pin.ts";
import type { ReleaseStatus } from "../../provider/releaseControl.ts";
import { failureOf } from "../provider/support/failureOf.ts";
import { promotionRecord } from "../support/promotionRecord.ts";
import { FakeControl } from "./support/fakeControl.ts";
import { type FakePulumi, fakePulumi } from "./support/fakePulumi.ts";
import { candidateSide, ids, liveSide } from "./support/statuses.ts";

const { a, b, c } = ids;

/** Configuration with a service of the stack's own, perhaps pinned; `pulumi up` ends with exit code 7. */
function script(pin?: string): string {
  const platform = { context: "platform", ...(pin !== undefined && { release: pin }) };
  const services = JSON.stringify({ objectValue: { platform }, secret: false });
  return `case "$*" in
  *no-such-file*) echo "error: configuration key 'services' not found for stack 'ec2'" >&2; exit 6;;
  "config get"*) echo '${services}';;
  up*) exit 7;;
esac`;
}

describe("goBack", () => {
  let fake: FakePulumi;
  let printed: string[];
  let control: FakeControl;
  afterEach(() => fake.dispose());

  function run(
    status: Partial<ReleaseStatus>,
    { up, pinned, history }: { up?: string[]; pinned?: string; history?: [] } = {},
  ): Promise<number> {
    fake = fakePulumi(script(pinned));
    printed = [];
    control = new FakeControl(status);
    const { pulumi } = fake;
    const pin = new Pin(pulumi, "platform");
    return goBack({
      service: "platform",
      history: history ?? [promotionRecord(b, 2), promotionRecord(a, 1)],
      to: undefined,
      up,
      pulumi,
      control,
      pin,
      by: "ada",
      // Each look finds the release further back.
      clock: {
        now: () => 0,
        sleep: async () => {
          const { candidate, runner } = control.current;
          control.current = candidate
            ? { ...control.current, candidate: undefined }
            : { ...control.current, runner: runner && undefined };
        },
      },
      print: (text) => printed.push(text),
      signal: fake.controller.signal,
    });
  }

  const changes = () => fake.calls().filter((call) => !call.startsWith("config get"));

  it("pins, and leaves pulumi up to the user", async () => {
    expect(await run({ live: liveSide(b) })).to.equal(0);
    expect(changes()).to.deep.equal([
      `config set --path symphainy:services.platform.release ${a} --type string --stack ec2 --non-interactive --color never`,
    ]);
    expect(control.calls).to.deep.equal([]);
  });

  it("runs pulumi up as it is told, and ends as it does", async () => {
    const up = ["--yes", "--policy-pack", "policy"];
    expect(await run({ live: liveSide(b) }, { up })).to.equal(7);
    expect(changes().at(-1)).to.equal("up --yes --policy-pack policy --stack ec2");
    expect(printed.join("\n")).to.include("Forward again, later: pulumi config rm");
  });

  it("waits for the end of what it undoes, and of its runner, before pulumi up with a refresh", async () => {
    const runner = { by: "ada@laptop", since: "2030-01-01T10:59:00.000Z" };
    const status = { live: liveSide(a), candidate: candidateSide(c), runner };
    expect(await run(status, { up: [] })).to.equal(7);
    expect(control.calls).to.deep.equal(["abortNow"]);
    expect(control.current).to.include({ candidate: undefined, runner: undefined });
    expect(changes().at(-1)).to.equal("up --refresh --stack ec2");
  });

  it("runs no pulumi up beside the one that brings the pinned release", async () => {
    const status = { live: liveSide(b), candidate: candidateSide(a) };
    expect(await run(status, { up: [], pinned: a })).to.equal(0);
    expect(changes()).to.deep.equal([]);
    expect(control.calls).to.deep.equal([]);
    expect(printed.join("\n")).to.include("It is on its way: npm run release -- ec2 status");
  });

  it("undoes what is on its way though what is live can't be pinned, and says so", async () => {
    const status = { live: liveSide(a), candidate: candidateSide(c) };
    const failure = await failureOf(run(status, { history: [] }));
    expect(failure).to.include(`Release ${a} of platform is not recorded`);
    expect(control.calls).to.deep.equal(["abortNow"]);
    expect(changes()).to.deep.equal([]);
  });
});
