import type { ResourceValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import * as ecs from "../../../policy/rules/ecs.ts";
import { imageByDigest } from "../../../policy/rules/image.ts";
import { judge } from "../support/judge.ts";

const type = "aws:ecs/taskDefinition:TaskDefinition";

const container = {
  name: "platform",
  image: `repo.example/platform@sha256:${"a".repeat(64)}`,
  user: "10001:10001",
  environment: [
    { name: "LOG_LEVEL", value: "INFO" },
    { name: "TOKEN_LIFETIME", value: "60" },
    { name: "DB_PASSWORD_FILE", value: "/run/secrets/db" },
    { name: "API_KEY", value: "" },
  ],
  secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:eu-central-1:1:parameter/db" }],
  healthCheck: { command: ["CMD", "true"] },
  logConfiguration: { logDriver: "awslogs" },
  readonlyRootFilesystem: true,
};
const task = (change: object = {}) => ({
  containerDefinitions: JSON.stringify([{ ...container, ...change }]),
  executionRoleArn: "execution",
  taskRoleArn: "task",
});

describe("ecs rules", () => {
  it("find nothing wrong with a good task", async () => {
    for (const rule of [...Object.values(ecs), imageByDigest]) {
      expect(await judge(rule, type, task()), rule.name).to.deep.equal([]);
    }
  });

  const broken: [ResourceValidationPolicy, object][] = [
    [ecs.ecsNonRoot, { user: undefined }],
    [ecs.ecsNonRoot, { user: "0" }],
    [ecs.ecsNonRoot, { user: "root:root" }],
    [ecs.ecsNotPrivileged, { privileged: true }],
    [ecs.ecsHealthCheck, { healthCheck: undefined }],
    [ecs.ecsHealthCheck, { healthCheck: { command: ["NONE"] } }],
    [ecs.ecsLogs, { logConfiguration: undefined }],
    [ecs.ecsLogs, { logConfiguration: { logDriver: "json-file" } }],
    [ecs.ecsReadOnlyRoot, { readonlyRootFilesystem: false }],
    [imageByDigest, { image: "repo.example/platform:1.2" }],
    [imageByDigest, { image: "repo.example/platform" }],
    ...[
      "DB_PASSWORD",
      "JWT_SECRET",
      "ACCESS_TOKEN",
      "API_KEY",
      "apikey",
      "AWS_SECRET_ACCESS_KEY",
    ].map((name): [ResourceValidationPolicy, object] => [
      ecs.ecsNoPlaintextSecrets,
      { environment: [{ name, value: "hunter2" }] },
    ]),
  ];
  for (const [rule, change] of broken) {
    it(`${rule.name}: ${Object.keys(change)[0]} ${JSON.stringify(Object.values(change)[0])}`, async () => {
      const violations = await judge(rule, type, task(change));
      expect(violations).to.have.length(1);
      expect(violations[0]).to.include("Container platform").and.not.include("hunter2");
    });
  }

  it("a container beside the essential one needs no health check", async () => {
    const props = task({ essential: false, healthCheck: undefined });
    expect(await judge(ecs.ecsHealthCheck, type, props)).to.deep.equal([]);
  });
  for (const change of [
    { executionRoleArn: undefined },
    { taskRoleArn: undefined },
    { taskRoleArn: "execution" },
  ]) {
    it(`roles ${JSON.stringify(change)}`, async () => {
      const violations = await judge(ecs.ecsSeparateRoles, type, { ...task(), ...change });
      expect(violations).to.have.length(1);
    });
  }
});
