import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ContainerImage, type ImageBuild } from "../../components/containerImage.ts";
import { only, promiseOf, record } from "../support/mocks.ts";

const digest = `sha256:${"c".repeat(64)}`;
const build: ImageBuild = {
  kind: "build",
  context: "app",
  dockerfile: "app/Dockerfile",
  contentHash: "0123456789abcdef0123",
  buildArgs: { PYTHON: "3.10" },
  registry: {
    repository: "registry.example/platform",
    server: "registry.example",
    username: "AWS",
    password: pulumi.secret("registry-password"),
  },
};

describe("ContainerImage", () => {
  it("pushes under a tag that no other build can have", async () => {
    const recording = await record(() => new ContainerImage("platform", { source: build }));
    const { inputs, secrets } = only(recording, "docker:index/image:Image");
    expect(inputs).to.deep.include({
      imageName: "registry.example/platform:0123456789ab-0badcafe",
      build: {
        context: "app",
        dockerfile: "app/Dockerfile",
        platform: "linux/amd64",
        args: { PYTHON: "3.10" },
      },
    });
    const { inputs: suffix } = only(recording, "random:index/randomId:RandomId");
    expect(suffix).to.deep.equal({ byteLength: 4, keepers: { context: build.contentHash } });
    expect(JSON.stringify(secrets)).to.include("registry");
  });

  it("is what the registry answered, by digest", async () => {
    const { result } = await record(() => new ContainerImage("platform", { source: build }));
    expect(await promiseOf(result.reference)).to.equal(
      `registry.example/platform@sha256:${"a".repeat(64)}`,
    );
  });

  it("builds nothing when there is an image already", async () => {
    const reference = `ghcr.io/team/platform@${digest}`;
    const { result, resources } = await record(
      () => new ContainerImage("platform", { source: { kind: "existing", reference } }),
    );
    expect(await promiseOf(result.reference)).to.equal(reference);
    expect(resources.map(({ type }) => type)).to.deep.equal(["symphainy:index:ContainerImage"]);
  });

  it("refuses an image that is named by a tag", async () => {
    const source = { kind: "existing", reference: "ghcr.io/team/platform:latest" } as const;
    const failed = await record(() => new ContainerImage("platform", { source })).catch(
      (error: Error) => error.message,
    );
    expect(failed).to.include('image "ghcr.io/team/platform:latest" is not named by its digest');
  });
});
