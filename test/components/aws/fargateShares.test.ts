import { expect } from "chai";
import { fargateShares } from "../../../components/aws/fargateShares.ts";

describe("shares of Fargate and Fargate Spot", () => {
  for (const [spotPercent, weights] of [
    [0, { FARGATE: 1 }],
    [1, { FARGATE: 99, FARGATE_SPOT: 1 }],
    [25, { FARGATE: 3, FARGATE_SPOT: 1 }],
    [50, { FARGATE: 1, FARGATE_SPOT: 1 }],
    [100, { FARGATE_SPOT: 1 }],
  ] as const) {
    it(`are in the smallest whole numbers at ${spotPercent} % Spot`, () => {
      const shares = fargateShares(spotPercent).map((it) => [it.capacityProvider, it.weight]);
      expect(Object.fromEntries(shares)).to.deep.equal(weights);
    });
  }

  it("keep a first task on demand, unless all are meant to be on Spot", () => {
    const base = (spotPercent: number) =>
      fargateShares(spotPercent).map(({ capacityProvider, base }) => [capacityProvider, base]);
    expect(base(99)).to.deep.equal([
      ["FARGATE", 1],
      ["FARGATE_SPOT", undefined],
    ]);
    expect(base(100)).to.deep.equal([["FARGATE_SPOT", undefined]]);
  });
});
