import { expect } from "chai";
import {
  fromStruct,
  isSecret,
  leaves,
  revealAll,
  secret,
  toStruct,
  withSecret,
} from "../../provider/properties.ts";

describe("properties", () => {
  const bag = { a: { b: secret("hidden"), c: [1, true, null] }, d: "plain" };

  it("come through the wire as they are", () => {
    expect(fromStruct(toStruct(bag))).to.deep.equal(bag);
  });

  it("are revealed at any depth, secrets in secrets too", () => {
    expect(revealAll(bag)).to.deep.equal({ a: { b: "hidden", c: [1, true, null] }, d: "plain" });
    expect(revealAll({ a: secret({ b: secret([secret(1)]) }) })).to.deep.equal({ a: { b: [1] } });
  });

  it("get a secret where there was none", () => {
    const safe = withSecret({ gate: { header: { name: "n", value: "v" } } }, [
      "gate",
      "header",
      "value",
    ]);
    expect(safe).to.deep.equal({ gate: { header: { name: "n", value: secret("v") } } });
  });

  it("keep a secret that covers more", () => {
    const outer = { gate: secret({ header: { value: "v" } }) };
    expect(withSecret(outer, ["gate", "header", "value"])).to.deep.equal(outer);
  });

  it("get no secret for what is not there", () => {
    expect(withSecret({ gate: {} }, ["gate", "header", "value"])).to.deep.equal({ gate: {} });
  });

  it("know a secret from a map", () => {
    expect(isSecret(secret(1))).to.equal(true);
    expect(isSecret({ value: 1 })).to.equal(false);
  });

  it("have leaves by the engine's paths", () => {
    const found = Object.fromEntries(leaves({ a: { b: [1, { c: 2 }], d: [], e: {} }, f: null }));
    expect(found).to.deep.equal({ "a.b[0]": 1, "a.b[1].c": 2, "a.d": [], "a.e": {}, f: null });
  });
});
