import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { applicable, stories, storiesNamed } from "../../../rehearsal/stories/index.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/rehearsal.md"), "utf8");

describe("docs/rehearsal.md", () => {
  it("has every story", () => {
    for (const { name } of stories) expect(page).to.match(new RegExp(`^\\| .*\`${name}\``, "m"));
  });

  it("says of each story on which targets it is not played, and why", () => {
    const rows = stories.flatMap(({ name, notOn = {} }) =>
      Object.entries(notOn).map(
        ([target, reason]) => `| \`${name}\` | \`${target}\` | ${reason} |`,
      ),
    );
    const [, table = ""] =
      /\| story \| not on \| why \|\n[^\n]+\n((?:\|[^\n]+\n)+)/.exec(page) ?? [];
    expect(table.trim().split("\n")).to.have.members(rows);
  });

  it("says of each story on which targets it goes another way, and how", () => {
    const rows = stories.flatMap(({ name, otherwiseOn = {}, ...usual }) =>
      Object.entries(otherwiseOn).map(
        ([target, plot]) =>
          `| \`${name}\` | \`${target}\` | \`${plot.expected ?? usual.expected}\`: ${plot.tells ?? usual.tells} |`,
      ),
    );
    const [, table = ""] = /\| story \| on \| how \|\n[^\n]+\n((?:\|[^\n]+\n)+)/.exec(page) ?? [];
    expect(table.trim().split("\n")).to.have.members(rows);
  });
});

describe("the stories of a target", () => {
  it("are told as they go there", () => {
    const outcome = (target: "ec2" | "cloudrun") =>
      applicable(storiesNamed("apiDown"), target).map(({ expected, earlier }) => [
        ...(earlier ?? []),
        expected,
      ]);
    expect(outcome("ec2")).to.deep.equal([["rolledBack"]]);
    expect(outcome("cloudrun")).to.deep.equal([[null, "shifted"]]);
  });

  it("leave out what makes no sense there", () => {
    expect(applicable(storiesNamed("drift,apiDown"), "cloudrun").map(({ name }) => name)).to.eql([
      "apiDown",
    ]);
  });
});
