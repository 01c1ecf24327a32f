import { expect } from "chai";
import { messageOf } from "../../provider/messageOf.ts";

describe("messageOf", () => {
  it("is what the error says", () => {
    expect(messageOf(new Error("no answer"))).to.equal("no answer");
    expect(messageOf("thrown text")).to.equal("thrown text");
  });

  it("is what was said at each address, where all of a host's addresses refuse", () => {
    const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}:80`);
    const error = new AggregateError([refused("10.0.0.1"), refused("10.0.0.2")]);
    expect(messageOf(error)).to.equal(
      "connect ECONNREFUSED 10.0.0.1:80; connect ECONNREFUSED 10.0.0.2:80",
    );
  });

  it("is never empty", () => {
    expect(messageOf(new TypeError(""))).to.equal("TypeError");
    expect(messageOf(Object.assign(new Error(""), { code: "ECONNRESET" }))).to.equal("ECONNRESET");
  });
});
