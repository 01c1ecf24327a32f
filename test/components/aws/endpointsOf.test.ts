import { expect } from "chai";
import { endpointsOf } from "../../../components/aws/endpointsOf.ts";

const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf";
const parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/api-key:7";

describe("endpointsOf", () => {
  it("gives Fargate what pulls images and takes logs, and nothing of ECS", () => {
    const needs = { compatibility: "FARGATE", secretArns: [], serviceConnect: false } as const;
    expect(endpointsOf(needs)).to.deep.equal(["ecr.api", "ecr.dkr", "logs"]);
  });

  it("gives instances ECS besides, in AWS's order, and Session Manager", () => {
    const needs = { compatibility: "EC2", secretArns: [], serviceConnect: false } as const;
    expect(endpointsOf(needs)).to.deep.equal([
      "ecr.api",
      "ecr.dkr",
      "logs",
      "ecs-agent",
      "ecs-telemetry",
      "ecs",
      "ssm",
      "ssmmessages",
    ]);
  });

  for (const [arn, service] of [
    [secret, "secretsmanager"],
    [parameter, "ssm"],
  ] as const) {
    it(`gives a task that gets a secret from ${service} the way there`, () => {
      const needs = { compatibility: "FARGATE", serviceConnect: false } as const;
      expect(endpointsOf({ ...needs, secretArns: [arn, arn] })).to.deep.equal([
        "ecr.api",
        "ecr.dkr",
        "logs",
        service,
      ]);
    });
  }

  it("gives Service Connect the endpoint that Envoy is configured by, on EC2 no second one", () => {
    const needs = { secretArns: [parameter], serviceConnect: true };
    expect(endpointsOf({ ...needs, compatibility: "FARGATE" })).to.include("ecs-agent");
    const onInstances = endpointsOf({ ...needs, compatibility: "EC2" });
    expect(onInstances).to.have.length(new Set(onInstances).size);
  });
});
