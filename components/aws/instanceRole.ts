import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumableBy, managedPolicies } from "./policyDocuments.ts";
import type { Tags } from "./tags.ts";

export interface InstanceRoleArgs {
  tags: Tags;
}

/**
 * What a container instance may do: join its cluster, and let an operator in by Session Manager.
 */
export class InstanceRole extends pulumi.ComponentResource {
  /** ARN of the instance profile; whoever uses it waits for the role's policies. */
  readonly instanceProfileArn: pulumi.Output<string>;

  constructor(name: string, args: InstanceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:InstanceRole", name, {}, opts);
    const tags = { ...args.tags };
    const role = new aws.iam.Role(
      `${name}-instance`,
      { assumeRolePolicy: assumableBy("ec2.amazonaws.com"), tags },
      { parent: this },
    );
    const attachments = (["containerInstance", "sessionManager"] as const).map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-instance-${policy}`,
          { role: role.name, policyArn: managedPolicies[policy] },
          { parent: this },
        ),
    );
    const profile = new aws.iam.InstanceProfile(
      `${name}-instance`,
      { role: role.name, tags },
      { parent: this },
    );
    this.instanceProfileArn = pulumi
      .all([profile.arn, pulumi.all(attachments.map(({ id }) => id))])
      .apply(([arn]) => arn);
    this.registerOutputs({ instanceProfileArn: this.instanceProfileArn });
  }
}
