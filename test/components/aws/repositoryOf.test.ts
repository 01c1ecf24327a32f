import { expect } from "chai";
import { repositoryOf } from "../../../components/aws/repositoryOf.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("repositoryOf", () => {
  it("finds the repository of an ECR image", () => {
    const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/platform@${digest}`;
    expect(repositoryOf(image)).to.equal(
      "arn:aws:ecr:eu-central-1:123456789012:repository/team/platform",
    );
  });

  for (const image of [
    `ghcr.io/team/platform@${digest}`,
    `public.ecr.aws/team/platform@${digest}`,
  ]) {
    it(`asks for no permission for ${image.split("@")[0]}`, () => {
      expect(repositoryOf(image)).to.equal(undefined);
    });
  }
});
