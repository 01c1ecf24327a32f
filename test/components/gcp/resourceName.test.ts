import { expect } from "chai";
import { nameLimits, resourceName } from "../../../components/gcp/resourceName.ts";

describe("resourceName", () => {
  it("is project, stack and service where those fit", () => {
    expect(resourceName(["symphainy", "prod", "platform"], nameLimits.service)).to.equal(
      "symphainy-prod-platform",
    );
  });

  it("is of the length that IAM wants, and still each has its own", () => {
    const names = ["insurance-claims", "insurance-quotes"].map((service) =>
      resourceName(["symphainy", "production", service], nameLimits.serviceAccount),
    );
    for (const name of names) expect(name).to.match(/^symphainy-production-in-[0-9a-f]{6}$/);
    expect(new Set(names).size).to.equal(2);
    expect(resourceName(["a", "b", "c"], nameLimits.serviceAccount)).to.match(
      /^a-b-c-[0-9a-f]{6}$/,
    );
  });

  it("has nothing in it that Google refuses", () => {
    for (const [parts, expected] of [
      [["My_Project", "dev.eu", "api"], /^my-project-dev-eu-api-[0-9a-f]{6}$/],
      [["9lives", "dev", "api"], /^lives-dev-api-[0-9a-f]{6}$/],
      [["___", "", ""], /^s-[0-9a-f]{6}$/],
    ] as const) {
      expect(resourceName(parts, nameLimits.service)).to.match(expected);
    }
  });

  it("tells names apart that only differ in what is refused", () => {
    const names = ["dev_eu", "dev.eu"].map((stack) => resourceName(["p", stack], { max: 49 }));
    expect(names[0]).not.to.equal(names[1]);
  });
});
