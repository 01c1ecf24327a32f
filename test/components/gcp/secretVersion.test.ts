import { expect } from "chai";
import { secretVersion } from "../../../components/gcp/secretVersion.ts";

describe("secretVersion", () => {
  for (const [reference, version] of [
    ["projects/my-project/secrets/token", "latest"],
    ["projects/my-project/secrets/token/versions/latest", "latest"],
    ["projects/my-project/secrets/token/versions/7", "7"],
  ] as const) {
    it(`reads ${reference}`, () => {
      expect(secretVersion(reference)).to.deep.equal({
        project: "my-project",
        secret: "token",
        version,
      });
    });
  }

  for (const reference of [
    "token",
    "projects/p/secrets/token/versions/newest",
    "arn:aws:ssm:eu-central-1:123456789012:parameter/token",
  ]) {
    it(`names what is wrong with ${reference}`, () => {
      expect(() => secretVersion(reference)).to.throw(`secret ${reference} is neither projects/`);
    });
  }
});
