import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { stories } from "../../../rehearsal/stories/index.ts";

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
});
