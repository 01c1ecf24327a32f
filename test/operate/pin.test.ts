import { expect } from "chai";
import { CannotDo } from "../../operate/cannotDo.ts";
import { Pin } from "../../operate/pin.ts";
import { failureOf } from "../provider/support/failureOf.ts";
import { type OperatedStack, operatedStack } from "./support/operatedStack.ts";
import { ids } from "./support/statuses.ts";

describe("Pin, in the configuration of a stack on the engine", () => {
  let stack: OperatedStack;

  before(async () => {
    stack = await operatedStack();
  });
  after(() => stack.dispose());

  const own = `config:
  aws:region: eu-central-1
  symphainy:target: ec2
  symphainy:services:
    platform:
      context: platform # ours
      tasks: { min: 3, max: 4 }
    my-api:
      context: api
      path: /api
`;
  const none = `# A stack of the project's defaults.
config:
  aws:region: eu-central-1
  symphainy:target: ec2
`;

  it("is not there at first", async () => {
    stack.configure(own);
    expect(await new Pin(stack.pulumi, "platform").read()).to.equal(undefined);
  });

  for (const service of ["platform", "my-api"]) {
    it(`writes one line into the stack's own ${service}, and takes it back`, async () => {
      stack.configure(own);
      const pin = new Pin(stack.pulumi, service);
      await pin.write(ids.a);
      expect(await pin.read()).to.equal(ids.a);
      const lines = stack.settings().split("\n");
      expect(lines.filter((line) => line.includes("release"))).to.deep.equal([
        `      release: ${ids.a}`,
      ]);
      expect(stack.settings()).to.include("context: platform # ours");
      const [, ...removal] = pin.removal.split(" ");
      await stack.pulumi.run(...removal.slice(0, -2));
      expect(await pin.read()).to.equal(undefined);
      expect(stack.settings()).not.to.include("release");
    });
  }

  for (const [kind, release] of [
    ["digits alone", ids.digits],
    ["what could be a number", ids.float],
  ] as const) {
    for (const settings of [own, none]) {
      it(`keeps a release of ${kind} a text, ${settings === own ? "in place" : "with the default"}`, async () => {
        stack.configure(settings);
        const pin = new Pin(stack.pulumi, "platform");
        await pin.write(release);
        expect(await pin.read()).to.equal(release);
        expect(stack.settings()).to.include(`release: "${release}"`);
      });
    }
  }

  it("brings the project's default along where the stack has no services of its own", async () => {
    stack.configure(none);
    const pin = new Pin(stack.pulumi, "platform");
    await pin.write(ids.a);
    const { objectValue } = (await stack.pulumi.json(
      "config",
      "get",
      "symphainy:services",
      "--json",
    )) as { objectValue: object };
    expect(objectValue).to.deep.equal({ platform: { context: "platform", release: ids.a } });
    await pin.write(ids.b);
    expect(await pin.read()).to.equal(ids.b);
    expect(stack.settings()).to.include("context: platform").and.include("# A stack of");
  });

  it("refuses a service that the settings don't have", async () => {
    stack.configure(own);
    const failure = new Pin(stack.pulumi, "web").read();
    expect(await failureOf(failure)).to.equal(
      "symphainy:services has no web any more, so its release can't be pinned. It has my-api, platform.",
    );
    await failure.catch((error: unknown) => expect(error).to.be.instanceOf(CannotDo));
  });
});
