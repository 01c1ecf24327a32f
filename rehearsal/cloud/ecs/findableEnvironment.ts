/**
 * Writes into URLs where this machine has what they name: loopback has no names of its own, as the tasks of ECS have.
 *
 * @param aliases - such as `//insurance:8000` → loopback port.
 */
export function findableEnvironment(
  env: Readonly<Record<string, string>>,
  aliases: ReadonlyMap<string, number>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, findable(value, aliases)]),
  );
}

function findable(value: string, aliases: ReadonlyMap<string, number>): string {
  return [...aliases].reduce((text, [alias, port]) => {
    const escaped = alias.replace(/[.]/g, "\\.");
    // `//a:80` is not the beginning of `//a:8000`.
    return text.replace(new RegExp(`${escaped}(?!\\d)`, "g"), `//127.0.0.1:${port}`);
  }, value);
}
