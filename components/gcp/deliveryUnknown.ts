/**
 * @throws when any of what is left over has a value: a manifest without it would take it away with the next release.
 */
export function onlyKnown(where: string, left: object): void {
  const found = Object.entries(left).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (found.length === 0) return;
  throw new Error(
    `${where} has ${found.join(", ")}, which the manifest for Cloud Deploy can't say yet: ` +
      "take it away, or set symphainy:delivery to pulumi.",
  );
}
