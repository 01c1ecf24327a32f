import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { rules } from "../../policy/rules.ts";

describe("the rules of the pack", () => {
  const areas = readdirSync(join(import.meta.dirname, "../../policy/rules")).map((file) =>
    file.replace(/\.ts$/, ""),
  );

  it("are of every area that has a file", () => {
    const used = new Set(rules.map(({ name }) => name.split("-")[0]));
    expect([...used]).to.have.members(areas);
  });
  it("have names of their own", () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
  for (const rule of rules) {
    it(`${rule.name} says what it wants, how bad it is and how to mend it`, () => {
      expect(rule.name).to.match(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(rule.description).to.match(/\.$/);
      expect(rule.severity).to.be.oneOf(["low", "medium", "high", "critical"]);
      expect(rule.remediationSteps).to.match(/\.$/);
      expect(rule.enforcementLevel).to.be.oneOf([undefined, "advisory"]);
    });
  }
});
