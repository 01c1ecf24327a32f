/**
 * Where one of the secrets stands in plain text.
 *
 * @param places - by a name for people, the text of each place that is looked at.
 */
export function secretsFound(
  secrets: (string | RegExp)[],
  places: Record<string, string>,
): string[] {
  return Object.entries(places)
    .filter(([, text]) => secrets.some((secret) => isIn(text, secret)))
    .map(([place]) => place);
}

function isIn(text: string, secret: string | RegExp): boolean {
  return typeof secret === "string" ? text.includes(secret) : secret.test(text);
}
