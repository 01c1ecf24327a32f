/**
 * Where one of the secrets stands in plain text.
 *
 * @param places - by a name for people, the text of each place that is looked at.
 */
export function secretsFound(secrets: string[], places: Record<string, string>): string[] {
  return Object.entries(places)
    .filter(([, text]) => secrets.some((secret) => text.includes(secret)))
    .map(([place]) => place);
}
