import { globSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { suites } from "../../tools/test/suites.ts";

const root = resolve(import.meta.dirname, "../..");

describe("the suites of npm test", () => {
  const { together, alone } = suites(root);

  it("hold every test file, once", () => {
    const files = globSync("test/**/*.test.ts", { cwd: root });
    expect([...together, ...alone].toSorted()).to.deep.equal(files.toSorted());
  });

  it("let nothing run beside traffic that is measured", () => {
    expect(alone).to.include("test/rehearsal/elb/underLoad.test.ts");
    expect(together).not.to.include("test/rehearsal/elb/underLoad.test.ts");
  });
});
