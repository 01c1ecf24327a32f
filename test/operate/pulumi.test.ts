import { expect } from "chai";
import { CalledOff } from "../../operate/calledOff.ts";
import { CannotDo } from "../../operate/cannotDo.ts";
import { Pulumi } from "../../operate/pulumi.ts";
import { failureOf } from "../provider/support/failureOf.ts";
import { type FakePulumi, fakePulumi } from "./support/fakePulumi.ts";

describe("Pulumi", () => {
  let fake: FakePulumi | undefined;
  afterEach(() => fake?.dispose());

  it("gives what a command printed", async () => {
    fake = fakePulumi('echo "{\\"a\\": 1}"; echo "warning: old" >&2');
    expect(await fake.pulumi.json("stack", "export")).to.deep.equal({ a: 1 });
    expect(fake.calls()).to.deep.equal([
      "stack export --stack ec2 --non-interactive --color never",
    ]);
  });

  for (const [said, wanted] of [
    ["no stack named 'ec2' found", /^There is no stack ec2 in the backend of .*: no stack named/],
    [
      "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      /^pulumi is not logged in: .* Run `pulumi login`, or set PULUMI_BACKEND_URL\.$/,
    ],
    ["the disk is full", /^pulumi: the disk is full$/],
  ] as const) {
    it(`says what may help when it says "${said}"`, async () => {
      fake = fakePulumi(`echo "error: ${said}" >&2; exit 255`);
      const failure = fake.pulumi.run("stack", "export");
      expect(await failureOf(failure)).to.match(wanted);
      await failure.catch((error: unknown) => expect(error).to.be.instanceOf(CannotDo));
    });
  }

  it("says that there is none on PATH", async () => {
    const { signal } = new AbortController();
    const pulumi = new Pulumi({ cwd: "/", stack: "ec2", env: { PATH: "/nowhere" }, signal });
    expect(await failureOf(pulumi.run("version"))).to.include("There is no pulumi on PATH");
    expect(await failureOf(pulumi.attended("up"))).to.include("There is no pulumi on PATH");
  });

  it("ends the command when it is called off, and says why", async () => {
    fake = fakePulumi("exec sleep 60");
    const failure = failureOf(fake.pulumi.run("stack", "export"));
    fake.controller.abort(new CalledOff("SIGINT"));
    expect(await failure).to.equal("called off by SIGINT");
  });

  it("does not take something else for JSON", async () => {
    fake = fakePulumi("echo hello");
    expect(await failureOf(fake.pulumi.json("stack", "export"))).to.include("hello");
  });
});
