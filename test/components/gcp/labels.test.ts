import { expect } from "chai";
import { labelsOf } from "../../../components/gcp/labels.ts";

describe("labelsOf", () => {
  it("writes tags as Google takes labels", () => {
    expect(
      labelsOf({ CostCentre: "4711", "managed-by": "Jane Doe <jane@example.com>" }),
    ).to.deep.equal({
      costcentre: "4711",
      "managed-by": "jane-doe--jane-example-com-",
    });
  });

  it("cuts what is longer than 63 characters", () => {
    const { owner } = labelsOf({ owner: "x".repeat(80) });
    expect(owner).to.have.length(63);
  });

  it("doesn't let one tag hide another", () => {
    expect(() => labelsOf({ Owner: "a", owner: "b" })).to.throw(
      "the tags Owner and owner are both the label owner: rename one of them.",
    );
  });

  it("says which tag can't be a label", () => {
    expect(() => labelsOf({ "4711": "a" })).to.throw("the tag 4711 can't be a label");
  });
});
