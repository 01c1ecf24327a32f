import { expect } from "chai";
import { cloudRunRegions } from "../../../settings/cloudRunRegions.ts";
import { cloudRunPricesOf, tierOf } from "../../../tools/costs/cloudRunPrices.ts";
import { nearOnAws, nearOnGoogle } from "../../../tools/costs/nearRegion.ts";
import { pricedRegions } from "../../../tools/costs/prices.ts";

describe("the prices of Cloud Run", () => {
  it("are known in every region that the settings take", () => {
    for (const region of cloudRunRegions) expect(tierOf(region), region).to.be.oneOf([1, 2]);
  });

  for (const [region, tier] of [
    ["europe-west1", 1],
    ["us-central1", 1],
    ["asia-south1", 1],
    ["europe-west3", 2],
    ["us-west2", 2],
  ] as const) {
    it(`are of tier ${tier} in ${region}`, () => {
      expect(tierOf(region)).to.equal(tier);
    });
  }

  it("are not made up for a region that is not known", () => {
    expect(() => cloudRunPricesOf("europe-west99")).to.throw(
      "It is not known which of its two prices Cloud Run has in europe-west99.",
    );
  });

  it("are 40 % more in tier 2, and 20 % more with CPU always, as the page of the costs says", () => {
    const [one, two] = [cloudRunPricesOf("europe-west1"), cloudRunPricesOf("europe-west3")];
    for (const part of ["vcpu", "gib"] as const) {
      expect(two.busy[part] / one.busy[part]).to.be.closeTo(1.4, 1e-9);
      expect(two.idle[part] / one.idle[part]).to.be.closeTo(1.4, 1e-9);
      expect(two.always[part] / one.always[part]).to.be.closeTo(1.2, 1e-9);
    }
  });
});

describe("the region that a stack is compared in on the other cloud", () => {
  it("is there for every region of AWS whose prices are known, of tier 1", () => {
    for (const region of pricedRegions) expect(tierOf(nearOnGoogle(region) ?? "")).to.equal(1);
    expect(nearOnGoogle("eu-west-1")).to.equal(undefined);
  });

  it("has known prices for every region of Cloud Run, on the same side of the Atlantic", () => {
    for (const region of cloudRunRegions) expect(pricedRegions).to.include(nearOnAws(region));
    expect(nearOnAws("us-central1")).to.equal("us-east-1");
    expect(nearOnAws("southamerica-east1")).to.equal("us-east-1");
    expect(nearOnAws("europe-west1")).to.equal("eu-central-1");
  });
});
