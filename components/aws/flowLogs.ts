import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumableBy } from "./policyDocuments.ts";
import type { Tags } from "./tags.ts";

export interface FlowLogsArgs {
  vpcId: pulumi.Input<string>;
  /** Days for which they are kept. */
  retentionDays: pulumi.Input<number>;
  tags: Tags;
}

/**
 * Records the connections that a VPC refused: what an operator needs when something can't be
 * reached.
 */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:FlowLogs", name, {}, opts);
    const tags = { ...args.tags };
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-flow`,
      { retentionInDays: args.retentionDays, tags },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-flow`,
      { assumeRolePolicy: assumableBy("vpc-flow-logs.amazonaws.com"), tags },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-flow`,
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              // Without CreateLogGroup: what is delivered late must not bring a deleted group back.
              Action: [
                "logs:CreateLogStream",
                "logs:PutLogEvents",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
              ],
              Resource: [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`],
            },
          ],
        }),
      },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      name,
      {
        vpcId: args.vpcId,
        trafficType: "REJECT",
        logDestinationType: "cloud-watch-logs",
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        tags,
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs({});
  }
}
