import { GoogleError } from "../googleError.ts";

/**
 * Nothing that somebody asks for is ignored silently.
 *
 * @param field - where the value stands: `template.containers[0]`.
 * @throws GoogleError UNIMPLEMENTED for a field that is set and not among the known ones.
 */
export function refuseUnknownFields(
  value: object,
  known: ReadonlySet<string>,
  field: string,
): void {
  for (const [key, one] of Object.entries(value)) {
    const empty =
      one === undefined ||
      one === null ||
      one === "" ||
      one === false ||
      one === 0 ||
      (typeof one === "object" && Object.keys(one).length === 0);
    if (empty || known.has(key)) continue;
    throw new GoogleError(
      "UNIMPLEMENTED",
      `${field}.${key} is not known to the rehearsal; it knows ${[...known].join(", ")}.`,
    );
  }
}
