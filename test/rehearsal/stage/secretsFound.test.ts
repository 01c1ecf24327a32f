import { expect } from "chai";
import { madeUpSecret, madeUpValue } from "../../../rehearsal/cloud/secretStore.ts";
import { secretsFound } from "../../../rehearsal/stage/secretsFound.ts";

describe("secretsFound", () => {
  const places = {
    "the state": '{"value":"a.b+c"}',
    "the output": "aXb+c, made-up-for-the-rehearsal",
  };

  it("names the places that hold a secret, to the letter", () => {
    expect(secretsFound(["a.b+c"], places)).to.deep.equal(["the state"]);
    expect(secretsFound(["elsewhere"], places)).to.deep.equal([]);
  });

  it("knows a made-up secret by its looks", () => {
    const output = `token ${madeUpValue("arn:aws:ssm:eu-central-1:123456789012:parameter/a")}`;
    expect(secretsFound([madeUpSecret], { ...places, "a log": output })).to.deep.equal(["a log"]);
  });
});
