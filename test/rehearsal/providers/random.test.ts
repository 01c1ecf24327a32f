import * as random from "@pulumi/random";
import { expect } from "chai";
import { randomProvider } from "../../../rehearsal/providers/random.ts";
import { type ServedProvider, serveProvider } from "../../../rehearsal/providers/serveProvider.ts";
import { World } from "../../../rehearsal/providers/world.ts";
import { openStack, type TestStack } from "./engine.ts";

describe("the random provider", () => {
  let provider: ServedProvider;
  let stack: TestStack;
  before(async () => {
    const world = new World({ seed: 1, region: "eu-central-1" });
    provider = await serveProvider({ ...randomProvider, world });
    stack = await openStack({ random: provider });
  });
  after(async () => {
    await stack?.close();
    await provider?.close();
  });

  it("keeps passwords secret", async () => {
    const ended = await stack.up(async () => {
      const password = new random.RandomPassword("p", { length: 32, special: false });
      return { result: password.result };
    });
    expect(ended.error).to.equal("");
    expect(ended.outputs.result?.secret).to.equal(true);
    expect(ended.outputs.result?.value).to.match(/^[A-Za-z0-9]{32}$/);
    expect(stack.rawState()).to.include("random:index/randomPassword:RandomPassword");
    expect(stack.rawState()).not.to.include(ended.outputs.result?.value);
  });

  it("keeps a value until an input changes", async () => {
    const program = (keeper: string) => async () => {
      const id = new random.RandomId("suffix", { byteLength: 4, keepers: { keeper } });
      return { hex: id.hex };
    };
    const first = await stack.up(program("a"));
    const same = await stack.up(program("a"));
    const other = await stack.up(program("b"));
    expect(first.outputs.hex?.value).to.match(/^[0-9a-f]{8}$/);
    expect(same.outputs.hex?.value).to.equal(first.outputs.hex?.value);
    expect(other.outputs.hex?.value).not.to.equal(first.outputs.hex?.value);
    expect(other.diffs.suffix).to.deep.equal(["keepers.keeper"]);
  });
});
