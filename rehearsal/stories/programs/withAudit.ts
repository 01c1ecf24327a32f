import * as pulumi from "@pulumi/pulumi";
import program from "../../../index.ts";

/** Makes something of a name, behind something else. */
type Make = (
  resource: string,
  name: pulumi.Output<string>,
  dependsOn?: pulumi.Resource,
) => pulumi.Resource;

/** By target: how to make what there can be only one of. */
const makers: Record<string, () => Promise<Make>> = {
  ec2: onAws,
  fargate: onAws,
  cloudrun: onGoogle,
};

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
  const target = new pulumi.Config().require("target");
  const make = await makers[target]?.();
  const first = make?.("audit", name);
  make?.("audit-again", name, first);
  return outputs;
}

async function onAws(): Promise<Make> {
  const aws = await import("@pulumi/aws");
  const tags = { Project: pulumi.getProject(), Stack: pulumi.getStack() };
  return (resource, name, dependsOn) =>
    new aws.cloudwatch.LogGroup(
      resource,
      { name, retentionInDays: 30, tags },
      dependingOn(dependsOn),
    );
}

async function onGoogle(): Promise<Make> {
  const gcp = await import("@pulumi/gcp");
  return (resource, accountId, dependsOn) =>
    new gcp.serviceaccount.Account(resource, { accountId }, dependingOn(dependsOn));
}

function dependingOn(other: pulumi.Resource | undefined): pulumi.CustomResourceOptions {
  return other === undefined ? {} : { dependsOn: other };
}
