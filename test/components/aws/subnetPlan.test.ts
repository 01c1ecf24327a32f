import { expect } from "chai";
import { planSubnets } from "../../../components/aws/subnetPlan.ts";

describe("planSubnets", () => {
  it("gives every zone a public and a private range of the same size", () => {
    expect(planSubnets("10.40.0.0/16", ["a", "b"])).to.deep.equal([
      { zone: "a", publicCidr: "10.40.0.0/20", privateCidr: "10.40.128.0/20" },
      { zone: "b", publicCidr: "10.40.16.0/20", privateCidr: "10.40.144.0/20" },
    ]);
  });

  it("overlaps nowhere and stays inside, with as many zones as a region can have", () => {
    const plan = planSubnets("10.0.0.0/20", ["a", "b", "c", "d", "e", "f"]);
    const ranges = plan.flatMap(({ publicCidr, privateCidr }) => [publicCidr, privateCidr]);
    expect(new Set(ranges).size).to.equal(12);
    expect(ranges.every((range) => /^10\.0\.(\d|1[0-5])\.0\/24$/.test(range))).to.equal(true);
  });

  for (const zones of [3, 4, 5, 6]) {
    it(`moves no subnet when zone ${zones} is added`, () => {
      const all = ["a", "b", "c", "d", "e", "f"].slice(0, zones);
      const before = planSubnets("10.40.0.0/16", all.slice(0, -1));
      expect(planSubnets("10.40.0.0/16", all).slice(0, -1)).to.deep.equal(before);
    });
  }

  it("starts at the range's first address, whatever address is named", () => {
    expect(planSubnets("10.40.7.9/16", ["a"])[0]?.publicCidr).to.equal("10.40.0.0/20");
  });

  it("cuts the smallest range into the smallest subnets that AWS takes", () => {
    expect(planSubnets("10.0.0.0/24", ["a"])[0]?.publicCidr).to.equal("10.0.0.0/28");
  });

  it("refuses more zones than there is room for", () => {
    expect(() => planSubnets("10.0.0.0/16", "abcdefghi".split(""))).to.throw(
      "9 zones; there is room",
    );
  });

  for (const cidr of ["10.0.0.0", "10.0.0.0/8", "10.0.0.300/16", "10.0.0.0/25", "fd00::/8"]) {
    it(`refuses ${cidr}`, () => {
      expect(() => planSubnets(cidr, ["a", "b"])).to.throw(`network cidr ${cidr} is no range`);
    });
  }
});
