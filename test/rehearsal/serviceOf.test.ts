import { expect } from "chai";
import type { CloudEvent } from "../../rehearsal/cloud/journal.ts";
import { serviceOf } from "../../rehearsal/cloud/serviceOf.ts";

const of = (event: CloudEvent) => serviceOf({ ...event, at: 0, realAt: 0 });

describe("serviceOf", () => {
  it("reads the service off the names that the program gives in the cloud", () => {
    const release = { deployment: "d", service: "my-api-0a1b2c3", release: "r" };
    expect(of({ kind: "stopRequested", ...release })).to.equal("my-api");
    expect(
      of({ kind: "target", targetGroup: "my-api-b-0a1b2c3", target: "t", state: "gone" }),
    ).to.equal("my-api");
    const weights = { "my-api-a-0a1b2c3": 0, "my-api-b-4d5e6f7": 100 };
    expect(of({ kind: "weights", rule: "r", traffic: "test", weights })).to.equal("my-api");
  });

  it("knows none of what is about no service, or named by somebody else", () => {
    expect(of({ kind: "instance", instance: "i-1", status: "active" })).to.equal(undefined);
    expect(of({ kind: "target", targetGroup: "theirs", target: "t", state: "gone" })).to.equal(
      undefined,
    );
  });
});
