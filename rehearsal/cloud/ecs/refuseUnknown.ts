import { AwsError } from "../awsError.ts";

/**
 * Nothing that somebody asks for is ignored silently.
 *
 * @param where - for the message: `clientAliases: `.
 * @throws AwsError UnsupportedFeatureException for a field that is set and not among the known ones.
 */
export function refuseUnknown(value: object, known: ReadonlySet<string>, where: string): void {
  for (const [key, field] of Object.entries(value)) {
    const empty = field === undefined || (Array.isArray(field) && field.length === 0);
    if (empty || known.has(key)) continue;
    throw new AwsError(
      "UnsupportedFeatureException",
      `${where}'${key}' is not known to the rehearsal; it knows ${[...known].join(", ")}.`,
    );
  }
}
