import { expect } from "chai";
import { expandWord } from "../../../rehearsal/container/expandWord.ts";

describe("expandWord", () => {
  const variables: Record<string, string> = { A: "1", EMPTY: "" };
  const table: [string, string][] = [
    ["$A/$A-${A}b", "1/1-1b"],
    ["'$A'", "$A"],
    ['"$A b"', "1 b"],
    ["\\$A", "$A"],
    ['"a\\nb"', "a\\nb"],
    ["it\\ is", "it is"],
    ["${NONE:-x}${EMPTY:-y}${EMPTY-z}", "xy"],
    ["${A:+set}${NONE:+unset}", "set"],
    ["${NONE:-$A}", "1"],
    ["$NONE.", "."],
    ["5$", "5$"],
  ];
  for (const [word, expected] of table) {
    it(`${word} → ${expected}`, () => {
      expect(expandWord(word, (name) => variables[name])).to.equal(expected);
    });
  }

  it("refuses other expansions", () => {
    expect(() => expandWord("${A#x}", () => "")).to.throw("${A#x}");
  });
});
