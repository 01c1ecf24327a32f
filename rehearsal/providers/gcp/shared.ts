import { isProperties, type Properties, type Property, unknown } from "../properties.ts";
import type { Reference } from "../resourceRules.ts";
import type { Failure, ResourceType } from "../resourceType.ts";
import type { World } from "../world.ts";

interface Common {
  /** Whether the type has labels. @default false */
  labelled?: boolean;
}

/** What the resource types of Google Cloud have in common: a project that can't change, and labels. */
export function google({ labelled = false, ...type }: ResourceType & Common): ResourceType {
  const common = (inputs: Properties, world: World): Properties => ({
    project: projectOf(inputs, world),
    ...(labelled && { effectiveLabels: inputs.labels ?? {}, pulumiLabels: inputs.labels ?? {} }),
  });
  const labels = labelled ? ["effectiveLabels", "pulumiLabels"] : [];
  return {
    ...type,
    validate: (inputs) => [
      ...(labelled ? checkLabels("labels", inputs.labels) : []),
      ...(type.validate?.(inputs) ?? []),
    ],
    replaceOn: [...(type.replaceOn ?? []), "project"],
    computed: [...(type.computed ?? []), "project", ...labels],
    create: async (inputs, context) => {
      const created = await type.create(inputs, context);
      return { ...created, outputs: { ...common(inputs, context.world), ...created.outputs } };
    },
    update: async (change, context) => ({
      ...common(change.inputs, context.world),
      ...(await type.update?.(change, context)),
    }),
  };
}

/** The project of a resource: its own, or else the provider's. */
export function projectOf({ project }: Properties, world: World): string {
  return project === undefined || project === null ? world.account : String(project);
}

/** Project and location of a resource, as they stand in its full name. */
export function locationOf(inputs: Properties, world: World): string {
  return `projects/${projectOf(inputs, world)}/locations/${String(inputs.location ?? "global")}`;
}

/**
 * Labels as Google Cloud takes them.
 *
 * @returns one problem for each that it would refuse, under the property's name.
 */
export function checkLabels(property: string, labels: Property | undefined): Failure[] {
  if (!isProperties(labels)) return [];
  const reason = (label: string) =>
    `label ${label}: keys begin with a lower-case letter; keys and values have at most 63 lower-case letters, digits, _ and -`;
  const wrong = Object.entries(labels).filter(
    ([key, value]) =>
      !/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) ||
      (value !== unknown && !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(String(value))),
  );
  return wrong.map(([key, value]) => ({ property, reason: reason(`${key}=${String(value)}`) }));
}

/** Who a role is given to, as IAM writes it. */
export const member = [
  /^(allUsers|allAuthenticatedUsers|(serviceAccount|user|group|domain|principal|principalSet):.+)$/,
  "allUsers, allAuthenticatedUsers, or KIND:NAME such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com",
] as [RegExp, string];

export const role = [
  /^(roles\/|projects\/[^/]+\/roles\/|organizations\/[^/]+\/roles\/).+$/,
  "a role, such as roles/run.invoker",
] as [RegExp, string];

export const tokens = {
  service: "gcp:cloudrunv2/service:Service",
  repository: "gcp:artifactregistry/repository:Repository",
  account: "gcp:serviceaccount/account:Account",
  bucket: "gcp:storage/bucket:Bucket",
  deliveryPipeline: "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline",
} as const;

/** A service account of the program; one that it has not made is somebody else's, and can't be looked for. */
export function accountOf(path: string): Reference {
  return { path, to: [tokens.account], by: "email", missing: "NOT_FOUND", holds: false };
}
