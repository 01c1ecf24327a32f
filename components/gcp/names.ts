import { createHash } from "node:crypto";
import { candidateTag } from "../../provider/messages.ts";

/** A tag and the name of its service are one part of a DNS name; Cloud Run refuses more characters of both. */
const longestTagAndService = 46;

/**
 * Longest name of a service on Cloud Run, in characters: it would take 49 by themselves, and the candidate's tag takes
 * its part of what both may have together.
 *
 * @see https://cloud.google.com/run/docs/deploying#service
 */
export const longestServiceName = longestTagAndService - candidateTag.length;

/**
 * Shortest and longest id of a service account, in characters.
 *
 * @see https://cloud.google.com/iam/docs/service-accounts-create
 */
export const accountIdLength = { least: 6, most: 30 } as const;

/** Digits of a hash that tell two shortened names apart. */
const digits = 8;

/** What a service of a stack is called on Cloud Run; the settings have seen to it that it is one there. */
export function cloudRunServiceName(project: string, stack: string, service: string): string {
  return `${project}-${stack}-${service}`;
}

/** Whether Cloud Run takes a name for a service. */
export function isCloudRunServiceName(name: string): boolean {
  return /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= longestServiceName;
}

/**
 * Id of the service account that a service runs as: the service's own name, which is longer than an account's may be
 * as often as not. Then it is its beginning and a hash of all of it, so that no two services have one account.
 *
 * @param serviceName - on Cloud Run; see {@link cloudRunServiceName}.
 */
export function serviceAccountId(serviceName: string): string {
  const { least, most } = accountIdLength;
  if (serviceName.length >= least && serviceName.length <= most) return serviceName;
  const hash = createHash("sha256").update(serviceName).digest("hex").slice(0, digits);
  const beginning = serviceName.slice(0, most - digits - 1).replace(/-+$/, "");
  return `${beginning}-${hash}`;
}

/**
 * Whether Google Cloud takes a name for a label.
 *
 * @see https://cloud.google.com/resource-manager/docs/labels-overview#requirements
 */
export function isLabelName(name: string): boolean {
  return /^[a-z][a-z0-9_-]{0,62}$/.test(name);
}

/** Whether Google Cloud takes a text for the value of a label. */
export function isLabelValue(value: string): boolean {
  return /^[a-z0-9_-]{0,63}$/.test(value);
}
