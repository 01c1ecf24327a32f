import { expect } from "chai";
import { findableEnvironment } from "../../../rehearsal/cloud/ecs/findableEnvironment.ts";

describe("findableEnvironment", () => {
  const aliases = new Map([
    ["//insurance:8000", 41_000],
    ["//in.surance:80", 42_000],
  ]);
  const found = (value: string) => findableEnvironment({ URL: value }, aliases).URL;

  it("writes the place where this machine has what a URL names", () => {
    expect(found('{"a": "http://insurance:8000/a", "b": "http://in.surance:80"}')).to.equal(
      '{"a": "http://127.0.0.1:41000/a", "b": "http://127.0.0.1:42000"}',
    );
  });
  it("takes no name for another one that only looks like it", () => {
    for (const value of [
      "http://insurance:80001",
      "http://reinsurance:8000",
      "http://inXsurance:80",
      "insurance:8000",
    ]) {
      expect(found(value)).to.equal(value);
    }
  });
});
