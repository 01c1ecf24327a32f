import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import program from "../../../index.ts";

/**
 * The program with something of a user's own behind it: it is made when the release is live, and that fails, as it uses
 * one name twice.
 */
export default async function withAudit() {
  const outputs = await program();
  const name = pulumi.output(outputs.services).apply((services) => {
    const live = Object.values(services).map(({ release }) => release);
    return `audit-${live.join("-")}`;
  });
  const tags = { Project: pulumi.getProject(), Stack: pulumi.getStack() };
  const settings = { name, retentionInDays: 30, tags };
  const first = new aws.cloudwatch.LogGroup("audit", settings);
  new aws.cloudwatch.LogGroup("audit-again", settings, { dependsOn: first });
  return outputs;
}
