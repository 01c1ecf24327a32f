import { expect } from "chai";
import { clientConfig, ecsClient } from "../../../provider/ecs/awsClients.ts";

describe("clientConfig", () => {
  it("leaves what the stack does not say to the SDK", async () => {
    const config = await clientConfig({ region: "eu-central-1" }, ["ecs"]);
    const { requestHandler, ...rest } = config;
    expect(requestHandler).to.include({ requestTimeout: 20_000 });
    expect(rest).to.deep.equal({
      region: "eu-central-1",
      retryMode: "adaptive",
      maxAttempts: 8,
    });
  });

  it("finds an endpoint under each of its names", async () => {
    const endpoints = { monitoring: "http://127.0.0.1:1", ecs: "http://127.0.0.1:2" };
    const names = ["cloudwatch", "monitoring"];
    const config = await clientConfig({ region: "eu-central-1", endpoints }, names);
    expect(config.endpoint).to.equal("http://127.0.0.1:1");
  });

  it("takes the profile", async () => {
    const config = await clientConfig({ region: "eu-central-1", profile: "staging" }, ["ecs"]);
    expect(config.profile).to.equal("staging");
  });

  it("assumes the role", async () => {
    const assumeRole = { roleArn: "arn:aws:iam::123456789012:role/deploy" };
    const config = await clientConfig({ region: "eu-central-1", assumeRole }, ["ecs"]);
    expect(config.credentials).to.be.a("function");
  });

  it("makes a client of it", async () => {
    const client = await ecsClient({ region: "eu-west-1" });
    expect(await client.config.region()).to.equal("eu-west-1");
    client.destroy();
  });
});
