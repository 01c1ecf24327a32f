import { expect } from "chai";
import fc from "fast-check";
import {
  cloudRunServiceName,
  isCloudRunServiceName,
  isLabelName,
  isLabelValue,
  serviceAccountId,
} from "../../../components/gcp/names.ts";

describe("names on Google Cloud", () => {
  it("names a service for its project, its stack and itself", () => {
    expect(cloudRunServiceName("symphainy", "cloudrun", "platform")).to.equal(
      "symphainy-cloudrun-platform",
    );
  });

  for (const [name, isOne] of [
    ["symphainy-cloudrun-platform", true],
    ["a".repeat(37), true],
    ["a".repeat(38), false],
    ["Platform", false],
    ["a_b", false],
    ["1a", false],
    ["a-", false],
  ] as const) {
    it(`${name} is ${isOne ? "a" : "no"} name of a service`, () => {
      expect(isCloudRunServiceName(name)).to.equal(isOne);
    });
  }

  it("names an account for its service, where that fits", () => {
    expect(serviceAccountId("symphainy-cloudrun-platform")).to.equal("symphainy-cloudrun-platform");
  });
  it("shortens a name that is too long, and lengthens one that is too short", () => {
    const id = serviceAccountId("symphainy-cloudrun-insurance-claims");
    expect(id).to.match(/^symphainy-cloudrun-in-[0-9a-f]{8}$/);
    expect(id).not.to.equal(serviceAccountId("symphainy-cloudrun-insurance-quotes"));
    expect(serviceAccountId("a-b-c")).to.match(/^a-b-c-[0-9a-f]{8}$/);
  });
  it("makes an id that IAM takes of every name of a service", () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,47}[a-z0-9]$/);
    fc.assert(
      fc.property(names, (name) => {
        expect(serviceAccountId(name)).to.match(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
      }),
    );
  });

  it("knows what a label may be", () => {
    expect(isLabelName("cost-centre_1")).to.equal(true);
    expect(isLabelName("CostCentre")).to.equal(false);
    expect(isLabelName("1st")).to.equal(false);
    expect(isLabelName("a".repeat(64))).to.equal(false);
    expect(isLabelValue("")).to.equal(true);
    expect(isLabelValue("4711")).to.equal(true);
    expect(isLabelValue("Ärger mit Leerzeichen")).to.equal(false);
  });
});
