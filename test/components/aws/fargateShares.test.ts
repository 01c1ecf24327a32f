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
});
