import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { configurationHash } from "../../../components/aws/configurationHash.ts";
import { promiseOf } from "../../support/mocks.ts";

const hash = (value: object) => promiseOf(configurationHash(value));

describe("configurationHash", () => {
  it("does not depend on the order of keys, at any depth", async () => {
    expect(await hash({ a: 1, b: { c: [{ d: 1, e: 2 }] } })).to.equal(
      await hash({ b: { c: [{ e: 2, d: 1 }] }, a: 1 }),
    );
  });

  it("depends on every value, also on those that are outputs", async () => {
    const hashes = await Promise.all([
      hash({ groups: [pulumi.output("sg-1")] }),
      hash({ groups: [pulumi.output("sg-2")] }),
      hash({ groups: ["sg-1", "sg-2"] }),
      hash({ groups: ["sg-2", "sg-1"] }),
    ]);
    expect(new Set(hashes).size).to.equal(4);
    expect(await hash({ groups: ["sg-1"] })).to.equal(hashes[0]);
  });
});
