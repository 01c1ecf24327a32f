import type { ResourceType } from "../resourceType.ts";
import { google, member, projectOf, role, tokens } from "./shared.ts";

/** Identities and who may do what. Nothing is refused for want of a permission: that only the cloud can show. */
export const identityTypes: ResourceType[] = [
  google({
    token: tokens.account,
    kind: "inert",
    naming: { property: "accountId", maxLength: 30, transform: (name) => name.toLowerCase() },
    rules: {
      accountId: {
        pattern: [
          /^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$/,
          "6 to 30 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
        ],
      },
      displayName: { maxLength: 100 },
      description: { maxLength: 256 },
    },
    replaceOn: ["accountId"],
    unique: { property: "accountId", taken: "ALREADY_EXISTS" },
    computed: ["email", "member", "name", "uniqueId"],
    create: (inputs, { world, hex }) => {
      const project = projectOf(inputs, world);
      const email = `${inputs.accountId}@${project}.iam.gserviceaccount.com`;
      const name = `projects/${project}/serviceAccounts/${email}`;
      const uniqueId = String(Number.parseInt(hex(12), 16)).padStart(21, "1");
      return { id: name, outputs: { email, member: `serviceAccount:${email}`, name, uniqueId } };
    },
  }),
  google({
    token: "gcp:projects/iAMMember:IAMMember",
    kind: "inert",
    required: ["member", "role", "project"],
    rules: { member: { pattern: member }, role: { pattern: role } },
    replaceOn: ["*"],
    computed: ["etag"],
    create: ({ project, role: given, member: who }, { hex }) => ({
      id: `${project}/${given}/${who}`,
      outputs: { etag: hex(12) },
    }),
  }),
  google({
    token: "gcp:serviceaccount/iAMMember:IAMMember",
    kind: "inert",
    required: ["member", "role", "serviceAccountId"],
    rules: { member: { pattern: member }, role: { pattern: role } },
    replaceOn: ["*"],
    references: [
      { path: "serviceAccountId", to: [tokens.account], by: "name", missing: "NOT_FOUND" },
    ],
    computed: ["etag"],
    create: ({ serviceAccountId, role: given, member: who }, { hex }) => ({
      id: `${serviceAccountId}/${given}/${who}`,
      outputs: { etag: hex(12) },
    }),
  }),
  google({
    token: "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
    kind: "inert",
    required: ["member", "role", "name"],
    rules: { member: { pattern: member }, role: { pattern: role } },
    replaceOn: ["*"],
    // The provider takes it away before the service goes.
    references: [{ path: "name", to: [tokens.service], by: "name", missing: "NOT_FOUND" }],
    computed: ["etag", "location"],
    create: (inputs, { world, hex }) => {
      const location = inputs.location ?? world.region;
      const service = `projects/${projectOf(inputs, world)}/locations/${location}/services/${inputs.name}`;
      return {
        id: `${service}/${inputs.role}/${inputs.member}`,
        outputs: { etag: hex(12), location },
      };
    },
  }),
  google({
    token: "gcp:secretmanager/secretIamMember:SecretIamMember",
    kind: "inert",
    required: ["member", "role", "secretId"],
    rules: { member: { pattern: member }, role: { pattern: role } },
    replaceOn: ["*"],
    computed: ["etag"],
    create: (inputs, { world, hex }) => {
      const name = String(inputs.secretId);
      const secretId = name.includes("/")
        ? name
        : `projects/${projectOf(inputs, world)}/secrets/${name}`;
      return {
        id: `${secretId}/${inputs.role}/${inputs.member}`,
        // The provider writes the whole name, and takes the short one for the same.
        outputs: { etag: hex(12), secretId: inputs.secretId },
      };
    },
  }),
];
