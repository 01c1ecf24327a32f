import { expect } from "chai";
import { cheaperUpTo } from "../../../tools/costs/cheaperUpTo.ts";

describe("cheaperUpTo", () => {
  it("finds the part of the time at which both cost the same", () => {
    expect(cheaperUpTo({ idle: 10, busy: 50, other: 20 })).to.equal(0.25);
    expect(cheaperUpTo({ idle: 0, busy: 50, other: 50 })).to.equal(1);
  });

  it("finds all of it where the first costs less even then", () => {
    expect(cheaperUpTo({ idle: 10, busy: 50, other: 51 })).to.equal(1);
    expect(cheaperUpTo({ idle: 10, busy: 10, other: 11 })).to.equal(1);
  });

  it("finds none where it costs no less while it does nothing", () => {
    expect(cheaperUpTo({ idle: 10, busy: 50, other: 10 })).to.equal(undefined);
    expect(cheaperUpTo({ idle: 10, busy: 10, other: 10 })).to.equal(undefined);
  });
});
