import { expect } from "chai";
import { nextHealth, unknownHealth } from "../../../rehearsal/container/healthState.ts";

describe("nextHealth", () => {
  const table: [string, string, string][] = [
    ["the first success makes it healthy", "+", "HEALTHY"],
    ["failures in the start period do not count", "ssssss", "UNKNOWN"],
    ["the first success in the start period makes it healthy", "ss+", "HEALTHY"],
    ["`retries` failures in a row make it unhealthy", "---", "UNHEALTHY"],
    ["fewer do not", "--", "UNKNOWN"],
    ["those of the start period are not among them", "ss--", "UNKNOWN"],
    ["a success starts the count again", "--+--", "HEALTHY"],
    ["once healthy, failures in the start period count", "+sss", "UNHEALTHY"],
    ["one success heals", "---+", "HEALTHY"],
  ];
  for (const [what, checks, expected] of table) {
    it(`${what}: ${checks}`, () => {
      const end = checks
        .split("")
        .reduce(
          (state, check) =>
            nextHealth(
              state,
              { succeeded: check === "+", inStartPeriod: check === "s" },
              { retries: 3 },
            ),
          unknownHealth,
        );
      expect(end.health).to.equal(expected);
    });
  }
});
