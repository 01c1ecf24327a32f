import { expect } from "chai";
import { record } from "../support/mocks.ts";
import { ec2Settings, service } from "../support/settings.ts";
import { keepsTheContract } from "./contract.ts";
import { untaggableAws } from "./untaggableAws.ts";

keepsTheContract({
  name: "ec2",
  settings: ec2Settings,
  ownCloud: "@pulumi/aws",
  otherClouds: /^@pulumi\/gcp$|^@google-cloud\/|^google-auth-library$/,
  untaggable: untaggableAws,
});

describe("the target ec2 without NAT gateways", () => {
  it("reaches what its instances and its services' secrets need", async () => {
    const secrets = { TOKEN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:t-AbCdEf" };
    const settings = ec2Settings(service(), service({ name: "api", path: "/api", secrets }));
    const { resources } = await record(async () => {
      const { createTarget } = await import("../../targets/index.ts");
      const network = { ...settings.network, natGateways: "none" } as const;
      return createTarget("symphainy", { ...settings, network });
    });
    const endpoints = resources.filter(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint");
    expect(endpoints.map(({ inputs }) => inputs.serviceName)).to.have.members(
      [
        "s3",
        "ecr.api",
        "ecr.dkr",
        "logs",
        "secretsmanager",
        "ecs-agent",
        "ecs-telemetry",
        "ecs",
        "ssm",
        "ssmmessages",
      ].map((part) => `com.amazonaws.eu-central-1.${part}`),
    );
    const users = ["aws:ecs/service:Service", "aws:autoscaling/group:Group"];
    for (const { type, dependencies } of resources.filter(({ type }) => users.includes(type))) {
      expect(dependencies, type).to.include.members(
        endpoints.map(({ type, name }) => `${type} ${name}`),
      );
    }
  });
});
