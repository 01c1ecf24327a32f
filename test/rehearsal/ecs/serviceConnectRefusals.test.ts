import type { ServiceConnectConfiguration, ServiceConnectService } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { callable, client, endpoint, type Made, openConnectWorld } from "./support/connectWorld.ts";

describe("Service Connect of the emulated ECS refuses", () => {
  let world: Awaited<ReturnType<typeof openConnectWorld>>;
  beforeEach(async () => {
    world = await openConnectWorld();
  });
  afterEach(async () => {
    await world.close();
  });

  const service = (change: Partial<ServiceConnectService>): ServiceConnectConfiguration => ({
    ...callable("insurance"),
    services: [{ ...endpoint("insurance"), ...change }],
  });
  const wrong: Record<string, [made: Partial<Made>, says: string]> = {
    "a namespace that is not there": [
      { connect: { ...client, namespace: "arn:other" } },
      "NamespaceNotFoundException: The specified namespace wasn't found: arn:other.",
    ],
    "a port without a name": [{ named: false }, "portName(http) does not refer to any named"],
    "a task without room for the proxy": [{ memory: "448" }, "memory (448) must be more than"],
    "no alias": [{ connect: service({ clientAliases: [] }) }, "exactly one clientAlias"],
    "a name in capitals": [
      { connect: service({ discoveryName: "Insurance" }) },
      "discoveryName 'Insurance' must be",
    ],
    TLS: [
      { connect: service({ tls: { issuerCertificateAuthority: {} } }) },
      "UnsupportedFeatureException",
    ],
    "its own time-out for whole requests": [
      { connect: service({ timeout: { idleTimeoutSeconds: 60 } }) },
      "UnsupportedFeatureException",
    ],
    "access logs": [
      { connect: { ...client, accessLogConfiguration: { format: "TEXT" } } },
      "UnsupportedFeatureException",
    ],
  };
  for (const [what, [made, says]] of Object.entries(wrong)) {
    it(what, async () => {
      const error = await world
        .create("insurance", {
          release: "I",
          connect: callable("insurance"),
          ...made,
        })
        .then(
          () => "nothing",
          ({ code, message }) => `${code}: ${message}`,
        );
      expect(error).to.include(says);
    });
  }

  it("names that another service has", async () => {
    await world.create("insurance", { release: "I", connect: callable("insurance") });
    const refusal = (made: Made) =>
      world.create("second", made).then(
        () => "nothing",
        ({ message }) => String(message),
      );
    expect(await refusal({ release: "S", connect: callable("insurance") })).to.include(
      "SC service is already used by",
    );
    const near = service({ discoveryName: "second" });
    expect(await refusal({ release: "S", connect: near })).to.include(
      "The client alias //insurance:8000 is already used",
    );
    expect(await refusal({ release: "S", connect: callable("second") })).to.equal("nothing");
    // Its own names are no others'.
    await world.update("insurance", { release: "J", connect: callable("insurance") });
  });
});
