import { unknown } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { google, member, role, tokens } from "./shared.ts";

/** Cloud Storage. Objects are kept and checked; nobody reads them. */
export const storageTypes: ResourceType[] = [
  google({
    token: tokens.bucket,
    kind: "inert",
    naming: { maxLength: 63, transform: (name) => name.toLowerCase() },
    labelled: true,
    required: ["location"],
    rules: {
      name: {
        pattern: [
          /^(?!goog)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
          "3 to 63 lower-case letters, digits and . _ -, beginning and ending with a letter or digit, and not beginning with goog",
        ],
      },
      publicAccessPrevention: { oneOf: ["inherited", "enforced"] },
      storageClass: {
        oneOf: ["STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE"],
      },
    },
    // The API writes it in capitals, and the provider takes both for the same.
    replaceOn: ["name", "location"],
    ignoreOn: ["forceDestroy"],
    // All buckets of everybody have one space of names.
    unique: { property: "name", taken: "409: the bucket's name is not available" },
    computed: ["selfLink", "url", "projectNumber", "timeCreated", "updated"],
    create: ({ name }) => ({
      id: String(name),
      outputs: {
        selfLink: `https://www.googleapis.com/storage/v1/b/${String(name)}`,
        url: `gs://${String(name)}`,
        projectNumber: 123_456_789_012,
        timeCreated: "2026-01-01T00:00:00Z",
        updated: "2026-01-01T00:00:00Z",
      },
    }),
  }),
  {
    token: "gcp:storage/bucketObject:BucketObject",
    kind: "inert",
    naming: { maxLength: 1024 },
    required: ["bucket"],
    validate: ({ content, source }) => {
      if ([content, source].includes(unknown)) return [];
      if ((content === undefined) !== (source === undefined)) return [];
      const reason = "exactly one of content and source must be there";
      return [{ property: "content", reason }];
    },
    replaceOn: ["bucket", "name"],
    ignoreOn: ["deletionPolicy"],
    references: [{ path: "bucket", to: [tokens.bucket], by: "name", missing: "404" }],
    computed: ["generation", "mediaLink", "outputName", "selfLink"],
    secrets: ["content"],
    create: ({ bucket, name }, { hex }) => {
      const path = `b/${String(bucket)}/o/${encodeURIComponent(String(name))}`;
      return {
        id: `${String(bucket)}-${String(name)}`,
        outputs: {
          generation: Number.parseInt(hex(12), 16),
          outputName: name,
          selfLink: `https://www.googleapis.com/storage/v1/${path}`,
          mediaLink: `https://storage.googleapis.com/download/storage/v1/${path}?alt=media`,
        },
      };
    },
  },
  {
    token: "gcp:storage/bucketIAMMember:BucketIAMMember",
    kind: "inert",
    required: ["bucket", "member", "role"],
    rules: { member: { pattern: member }, role: { pattern: role } },
    replaceOn: ["*"],
    references: [{ path: "bucket", to: [tokens.bucket], by: "name", missing: "404" }],
    computed: ["etag"],
    create: ({ bucket, role: given, member: who }, { hex }) => ({
      id: `b/${String(bucket)}/${String(given)}/${String(who)}`,
      outputs: { etag: hex(12) },
    }),
  },
];
