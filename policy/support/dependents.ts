import type { PolicyResource } from "@pulumi/policy";

/** Whether a resource of `type` refers to `resource` in its property; works while ids are still unknown. */
export function isReferredTo(
  resource: PolicyResource,
  all: readonly PolicyResource[],
  type: string,
  property: string,
): boolean {
  return all.some(
    (other) =>
      other.type === type &&
      other.propertyDependencies[property]?.some(({ urn }) => urn === resource.urn) === true,
  );
}
