import { expect } from "chai";
import { planSubnets } from "../../../components/aws/subnetPlan.ts";

describe("planSubnets", () => {
  it("gives every zone a public and a private range of the same size", () => {
    expect(planSubnets("10.40.0.0/16", ["a", "b"])).to.deep.equal([
      { zone: "a", publicCidr: "10.40.0.0/18", privateCidr: "10.40.128.0/18" },
      { zone: "b", publicCidr: "10.40.64.0/18", privateCidr: "10.40.192.0/18" },
    ]);
  });

  it("overlaps nowhere and stays inside, with as many zones as a region can have", () => {
    const plan = planSubnets("10.0.0.0/20", ["a", "b", "c", "d", "e", "f"]);
    const ranges = plan.flatMap(({ publicCidr, privateCidr }) => [publicCidr, privateCidr]);
    expect(new Set(ranges).size).to.equal(12);
    expect(ranges.every((range) => /^10\.0\.(\d|1[0-5])\.0\/24$/.test(range))).to.equal(true);
  });

  it("moves no subnet when a fourth zone follows three", () => {
    const three = planSubnets("10.40.0.0/16", ["a", "b", "c"]);
    expect(planSubnets("10.40.0.0/16", ["a", "b", "c", "d"]).slice(0, 3)).to.deep.equal(three);
  });

  it("says how large a range would have to be", () => {
    expect(() => planSubnets("10.0.0.0/27", ["a", "b"])).to.throw(/too small.*at least a \/26/s);
    expect(planSubnets("10.0.0.0/26", ["a", "b"])).to.have.length(2);
  });

  for (const cidr of ["10.0.0.0", "10.0.0.0/8", "10.0.0.300/16", "10.0.0.0/29", "fd00::/8"]) {
    it(`refuses ${cidr}`, () => {
      expect(() => planSubnets(cidr, ["a", "b"])).to.throw(`network cidr ${cidr} is no range`);
    });
  }
});
