import { AwsError } from "../../cloud/awsError.ts";
import type { Reference } from "../resourceRules.ts";
import type { ResourceType } from "../resourceType.ts";
import { arn, aws, checkPolicy, tokens } from "./shared.ts";

/** Policies by AWS that the program may name. A new one is added here, so that a wrong ARN is found. */
const managedPolicies = new Set(
  [
    "service-role/AmazonEC2ContainerServiceforEC2Role",
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "AmazonSSMManagedInstanceCore",
    "AmazonECSInfrastructureRolePolicyForLoadBalancers",
  ].map((name) => `arn:aws:iam::aws:policy/${name}`),
);

const role: Reference = { path: "role", to: [tokens.role], by: "name", missing: "NoSuchEntity" };

/** Identities. Nothing is refused for want of a permission: that only the cloud can show. */
export const iamTypes: ResourceType[] = [
  aws({
    token: tokens.role,
    kind: "inert",
    regional: false,
    naming: { maxLength: 64 },
    required: ["assumeRolePolicy"],
    rules: {
      name: { maxLength: 64, pattern: [/^[\w+=,.@-]+$/, "letters, digits and _+=,.@-"] },
      maxSessionDuration: { min: 3600, max: 43200 },
    },
    validate: ({ assumeRolePolicy }) => checkPolicy("assumeRolePolicy", assumeRolePolicy),
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    replaceOn: ["name", "namePrefix", "path"],
    ignoreOn: ["forceDetachPolicies"],
    unique: { property: "name", taken: "EntityAlreadyExists" },
    inUse: "DeleteConflict",
    computed: ["arn", "createDate", "uniqueId", "managedPolicyArns"],
    create: ({ name, path }, { world, hex }) => ({
      id: String(name),
      outputs: {
        arn: iamArn(world, `role${path}${name}`),
        createDate: "2026-01-01T00:00:00Z",
        managedPolicyArns: [],
        uniqueId: `AROA${hex(17).toUpperCase()}`,
      },
    }),
  }),
  aws({
    token: "aws:iam/rolePolicy:RolePolicy",
    kind: "inert",
    taggable: false,
    regional: false,
    naming: { maxLength: 128 },
    required: ["policy", "role"],
    validate: ({ policy }) => checkPolicy("policy", policy),
    replaceOn: ["name", "namePrefix", "role"],
    references: [role],
    create: ({ name, role }) => ({ id: `${role}:${name}`, outputs: {} }),
  }),
  aws({
    token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    kind: "inert",
    taggable: false,
    regional: false,
    required: ["policyArn", "role"],
    replaceOn: ["policyArn", "role"],
    references: [role],
    create: ({ policyArn, role }, { world }) => {
      const own = world.list(tokens.policy).some(({ outputs }) => outputs.arn === policyArn);
      if (!own && !managedPolicies.has(String(policyArn))) {
        throw new AwsError(
          "NoSuchEntity",
          `Policy ${policyArn} does not exist or is not attachable. Policies by AWS that the rehearsal knows ` +
            `stand in rehearsal/providers/aws/iam.ts: ${[...managedPolicies].join(", ")}.`,
        );
      }
      return { id: `${role}/${policyArn}`, outputs: {} };
    },
  }),
  aws({
    token: tokens.policy,
    kind: "inert",
    regional: false,
    naming: { maxLength: 128 },
    required: ["policy"],
    validate: ({ policy }) => checkPolicy("policy", policy),
    defaults: { path: "/" },
    replaceOn: ["name", "namePrefix", "path", "description"],
    unique: { property: "name", taken: "EntityAlreadyExists" },
    inUse: "DeleteConflict",
    computed: ["arn", "attachmentCount", "policyId"],
    create: ({ name, path }, { world, hex }) => {
      const id = iamArn(world, `policy${path}${name}`);
      const policyId = `ANPA${hex(17).toUpperCase()}`;
      return { id, outputs: { arn: id, attachmentCount: 0, policyId } };
    },
  }),
  aws({
    token: tokens.instanceProfile,
    kind: "inert",
    regional: false,
    naming: { maxLength: 128 },
    replaceOn: ["name", "namePrefix", "path"],
    defaults: { path: "/" },
    // The provider takes a role out of its profiles before it deletes the role.
    references: [{ ...role, holds: false }],
    unique: { property: "name", taken: "EntityAlreadyExists" },
    computed: ["arn", "createDate", "uniqueId"],
    create: ({ name, path }, { world, hex }) => ({
      id: String(name),
      outputs: {
        arn: iamArn(world, `instance-profile${path}${name}`),
        createDate: "2026-01-01T00:00:00Z",
        uniqueId: `AIPA${hex(17).toUpperCase()}`,
      },
    }),
  }),
];

function iamArn(world: Parameters<typeof arn>[0], resource: string): string {
  return arn(world, { service: "iam", region: "", resource });
}
