import { expect } from "chai";
import { secretResource } from "../../../components/aws/secretResource.ts";

const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:platform/key-AbCdEf";
const parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/platform/key";

describe("secretResource", () => {
  for (const [what, arn, action, resource] of [
    ["a secret", secret, "secretsmanager:GetSecretValue", secret],
    ["one key and version of it", `${secret}:key::4711`, "secretsmanager:GetSecretValue", secret],
    ["a parameter", parameter, "ssm:GetParameters", parameter],
    ["one version of it", `${parameter}:3`, "ssm:GetParameters", parameter],
  ] as const) {
    it(`allows reading ${what}, and nothing else`, () => {
      expect(secretResource(arn)).to.deep.equal({ action, resource });
    });
  }

  it("refuses an ARN of anything else", () => {
    expect(() => secretResource("arn:aws:s3:::bucket")).to.throw(/arn:aws:s3:::bucket is neither/);
  });
});
