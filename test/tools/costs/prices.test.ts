import { expect } from "chai";
import { instanceTypes } from "../../../settings/instanceTypes.ts";
import {
  instancePrice,
  pricedFamilies,
  pricedRegions,
  pricesOf,
} from "../../../tools/costs/prices.ts";

describe("prices", () => {
  it("are not made up for a region that is not known", () => {
    expect(() => pricesOf("eu-west-1")).to.throw(
      "There are no prices for eu-west-1. Known: eu-central-1, us-east-1.",
    );
  });

  it("are not made up for a type that is not known in the region", () => {
    expect(instancePrice("us-east-1", "r7g.large")).to.equal(0.1071);
    expect(() => instancePrice("eu-central-1", "r7g.large")).to.throw(
      "There is no price for r7g.large in eu-central-1. Known there: t3, t4g,",
    );
    expect(() => instancePrice("us-east-1", "t3.nano")).to.throw("There is no price for t3.nano");
  });

  for (const [type, price] of [
    ["t3.small", 0.024],
    ["m5.4xlarge", 0.92],
    ["t4g.xlarge", 0.1536],
  ] as const) {
    it(`are those of AWS for ${type} in Frankfurt`, () => {
      expect(instancePrice("eu-central-1", type)).to.be.closeTo(price, 1e-9);
    });
  }

  it("are known in us-east-1 for every type that the settings take", () => {
    for (const type of instanceTypes.keys()) {
      expect(instancePrice("us-east-1", type), type).to.be.greaterThan(0);
    }
  });

  it("name no family that the settings don't take", () => {
    const families = new Set([...instanceTypes.keys()].map((type) => type.split(".")[0]));
    for (const region of pricedRegions)
      expect(families).to.include.all.keys(pricedFamilies(region));
  });

  it("of arm64 and of Spot are below those of x86_64 on demand", () => {
    for (const region of pricedRegions) {
      const { arm64, x86_64: x86 } = pricesOf(region).fargate;
      expect(arm64.vcpu).to.be.lessThan(x86.vcpu);
      expect(arm64.gib).to.be.lessThan(x86.gib);
      for (const { vcpu, spot } of [arm64, x86]) {
        if (spot) expect(spot.vcpu / vcpu).to.be.within(0.25, 0.5);
      }
    }
  });
});
