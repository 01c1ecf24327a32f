import { unknown } from "../properties.ts";
import type { Failure, ResourceType } from "../resourceType.ts";
import { objects } from "../values.ts";
import { google, member, projectOf, role, tokens } from "./shared.ts";

/** Artifact Registry. Images are in the rehearsal's own registry, by the repository's URI. */
export const registryTypes: ResourceType[] = [
  google({
    token: tokens.repository,
    kind: "behaves",
    labelled: true,
    required: [
      "repositoryId",
      "format",
      "cleanupPolicies[].id",
      "vulnerabilityScanningConfig.enablementConfig",
    ],
    rules: {
      repositoryId: {
        pattern: [
          /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
          "at most 63 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
        ],
      },
      format: {
        oneOf: ["DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "GO", "KFP", "GENERIC", "RUBY"],
      },
      mode: { oneOf: ["STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY"] },
      "cleanupPolicies[].action": { oneOf: ["DELETE", "KEEP"] },
      "cleanupPolicies[].condition.tagState": { oneOf: ["TAGGED", "UNTAGGED", "ANY"] },
      "cleanupPolicies[].condition.olderThan": { pattern: duration() },
      "cleanupPolicies[].condition.newerThan": { pattern: duration() },
      "vulnerabilityScanningConfig.enablementConfig": { oneOf: ["INHERITED", "DISABLED"] },
    },
    validate: (inputs) => checkPolicies(objects(inputs.cleanupPolicies)),
    defaults: { mode: "STANDARD_REPOSITORY" },
    replaceOn: ["repositoryId", "format", "kmsKeyName", "location", "mode"],
    ignoreOn: ["deletionPolicy"],
    sets: ["cleanupPolicies"],
    unique: { property: "repositoryId", within: "location", taken: "ALREADY_EXISTS" },
    computed: ["name", "location", "registryUri", "createTime", "updateTime"],
    create: (inputs, { world }) => {
      const project = projectOf(inputs, world);
      const location = String(inputs.location ?? world.region);
      const name = String(inputs.repositoryId);
      const times = { createTime: "2026-01-01T00:00:00Z", updateTime: "2026-01-01T00:00:00Z" };
      const registryUri = `${location}-docker.pkg.dev/${project}/${name}`;
      return {
        id: `projects/${project}/locations/${location}/repositories/${name}`,
        outputs: { name, location, registryUri, ...times },
      };
    },
    // Its images go with it.
    delete: ({ outputs }, { world }) => {
      world.service("registry").removeBelow(String(outputs.registryUri));
    },
  }),
  google({
    token: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    kind: "inert",
    required: ["member", "role", "repository"],
    rules: { member: { pattern: member }, role: { pattern: role } },
    replaceOn: ["*"],
    references: [{ path: "repository", to: [tokens.repository], by: "name", missing: "NOT_FOUND" }],
    computed: ["etag", "location"],
    create: ({ repository, role: given, member: who, location }, { world, hex }) => ({
      id: `${repository}/${given}/${who}`,
      outputs: { etag: hex(12), location: location ?? world.region },
    }),
  }),
];

function duration(): [RegExp, string] {
  return [/^(\d+(\.\d+)?[smhd])+$/, "a time such as 86400s or 7d"];
}

/** A policy says what it goes by: a condition, or, to keep them, the newest versions. */
function checkPolicies(policies: ReturnType<typeof objects>): Failure[] {
  return policies.flatMap(({ id, action, condition, mostRecentVersions }) => {
    if ([action, condition, mostRecentVersions].includes(unknown)) return [];
    if ((condition === undefined) === (mostRecentVersions === undefined)) {
      const reason = `cleanup policy ${String(id)} needs either a condition or mostRecentVersions`;
      return [{ property: "cleanupPolicies", reason }];
    }
    if (mostRecentVersions === undefined || action === "KEEP") return [];
    const reason = `cleanup policy ${String(id)}: mostRecentVersions only goes with the action KEEP`;
    return [{ property: "cleanupPolicies", reason }];
  });
}
