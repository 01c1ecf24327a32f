import { expect } from "chai";
import { afterProbe, newTarget } from "../../../rehearsal/cloud/elb/proxy/targetHealth.ts";

describe("afterProbe", () => {
  /** States after each probe: `+` passed, `-` failed. */
  function states(probes: string, healthyThreshold = 3, unhealthyThreshold = 2): string {
    let health = newTarget;
    return probes
      .split("")
      .map((probe) => {
        health = afterProbe(health, probe === "+", { healthyThreshold, unhealthyThreshold });
        return health.state[0];
      })
      .join("");
  }

  const cases: [probes: string, states: string, name: string][] = [
    ["+", "h", "takes one success for a new target"],
    ["-+", "ih", "takes one success after a first failure too"],
    ["--+++", "iuuuh", "asks for the threshold once a target was unhealthy"],
    ["+-+--", "hhhhu", "counts failures in a row only"],
    ["+--++-+++", "hhuuuuuuh", "counts successes in a row only"],
  ];
  for (const [probes, expected, name] of cases) {
    it(name, () => {
      expect(states(probes)).to.equal(expected);
    });
  }
});
