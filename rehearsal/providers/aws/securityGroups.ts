import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../../cloud/awsError.ts";
import type { Properties } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { arn, aws, references, tokens } from "./shared.ts";

/**
 * Security groups and their rules. Calls between services are let through by them (see `reaches.ts`), and nothing else
 * is filtered: that only the cloud can show.
 */
export const securityGroupTypes: ResourceType[] = [
  aws({
    token: tokens.securityGroup,
    kind: "inert",
    naming: { maxLength: 255 },
    rules: {
      name: { maxLength: 255, pattern: [/^(?!sg-)/, 'a name that does not start with "sg-"'] },
      description: {
        maxLength: 255,
        pattern: [/^[\w .:/()#,@[\]+=&;{}!$*-]*$/, "without characters that EC2 refuses"],
      },
    },
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    replaceOn: ["name", "namePrefix", "description", "vpcId"],
    ignoreOn: ["revokeRulesOnDelete"],
    sets: ["ingress", "egress"],
    references: [
      references.vpc,
      references.securityGroups("ingress[].securityGroups[]"),
      references.securityGroups("egress[].securityGroups[]"),
    ],
    unique: { property: "name", within: "vpcId", taken: "InvalidGroup.Duplicate" },
    computed: ["arn", "ownerId"],
    create: (_inputs, context) => {
      const { world } = context;
      const id = `sg-0${context.hex(16)}`;
      const resource = `security-group/${id}`;
      return {
        id,
        outputs: { arn: arn(world, { service: "ec2", resource }), ownerId: world.account },
      };
    },
  }),
  aws({
    token: tokens.defaultSecurityGroup,
    kind: "inert",
    replaceOn: ["vpcId"],
    sets: ["ingress", "egress"],
    // It comes and goes with its network: nothing has to be deleted first.
    references: [{ ...references.vpc, holds: false }],
    computed: ["arn", "description", "name", "ownerId"],
    create: ({ vpcId }, { world }) => {
      const vpc = world.get(tokens.vpc, String(vpcId));
      const id = String(vpc?.outputs.defaultSecurityGroupId);
      return {
        id,
        outputs: {
          arn: arn(world, { service: "ec2", resource: `security-group/${id}` }),
          description: "default VPC security group",
          name: "default",
          ownerId: world.account,
        },
      };
    },
  }),
  rule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
  rule("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
];

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

function rule(token: string): ResourceType {
  return aws({
    token,
    kind: "inert",
    required: ["ipProtocol", "securityGroupId"],
    rules: { fromPort: { min: -1, max: 65535 }, toPort: { min: -1, max: 65535 } },
    validate: checkRule,
    replaceOn: ["securityGroupId"],
    references: [
      { ...references.securityGroups("securityGroupId"), holds: false },
      references.securityGroups("referencedSecurityGroupId"),
    ],
    computed: ["arn", "securityGroupRuleId"],
    create: (inputs, context) => {
      const { world } = context;
      const twin = world
        .list(token)
        .find((other) => isDeepStrictEqual(what(other.inputs), what(inputs)));
      if (twin) {
        throw new AwsError(
          "InvalidPermission.Duplicate",
          `the specified rule already exists: '${twin.id}' of '${inputs.securityGroupId}'`,
        );
      }
      const id = `sgr-0${context.hex(16)}`;
      const resource = `security-group-rule/${id}`;
      return {
        id,
        outputs: { arn: arn(world, { service: "ec2", resource }), securityGroupRuleId: id },
      };
    },
  });
}

function checkRule(inputs: Properties) {
  const given = sources.filter((source) => inputs[source] !== undefined);
  if (given.length !== 1) {
    const reason = `exactly one of ${sources.join(", ")} must be given; there are ${given.length}`;
    return [{ property: "securityGroupId", reason }];
  }
  const { ipProtocol, fromPort, toPort } = inputs;
  const needsPorts = ipProtocol !== "-1" && ["tcp", "udp"].includes(String(ipProtocol));
  if (needsPorts && (fromPort === undefined || toPort === undefined)) {
    return [{ property: "fromPort", reason: `${ipProtocol} needs fromPort and toPort` }];
  }
  return [];
}

/** What a rule allows: two can't allow the same. */
function what(inputs: Properties): Properties {
  const names = ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...sources];
  return Object.fromEntries(names.map((name) => [name, inputs[name]]));
}
