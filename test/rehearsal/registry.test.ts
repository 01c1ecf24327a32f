import { expect } from "chai";
import { Registry } from "../../rehearsal/cloud/registry.ts";
import type { Image } from "../../rehearsal/container/image.ts";

const digest = `sha256:${"a".repeat(64)}`;
const image: Image = {
  digest,
  root: "/",
  env: {},
  workdir: "/",
  entrypoint: [],
  cmd: [],
  stopSignal: "SIGTERM",
  user: "",
  exposedPorts: [],
  notRehearsed: [],
};

describe("the emulated registry", () => {
  it("tells of every push, by digest", () => {
    const pushed: string[] = [];
    const registry = new Registry((reference) => pushed.push(reference));
    registry.push("registry/app", "one", image);
    registry.push("registry/app", "two", image);
    expect(pushed).to.deep.equal([`registry/app@${digest}`, `registry/app@${digest}`]);
  });
});
