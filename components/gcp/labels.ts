/** Labels of a resource on Google Cloud: what tags are elsewhere. */
export type Labels = Readonly<Record<string, string>>;

/** What a key or a value of a label may have at most, in characters. */
const longest = 63;

/**
 * Tags as labels. Google takes lower-case letters, digits, `_` and `-`: capitals become small, and whatever else
 * there is becomes a hyphen.
 *
 * @throws when two tags would be one label, or a key doesn't begin with a letter.
 */
export function labelsOf(tags: Readonly<Record<string, string>>): Labels {
  const labels = new Map<string, { tag: string; value: string }>();
  for (const [tag, text] of Object.entries(tags)) {
    const key = labelText(tag);
    const other = labels.get(key)?.tag;
    if (other !== undefined) {
      throw new Error(
        `the tags ${other} and ${tag} are both the label ${key}: rename one of them.`,
      );
    }
    if (!/^[a-z]/.test(key)) {
      throw new Error(`the tag ${tag} can't be a label: begin it with a letter.`);
    }
    labels.set(key, { tag, value: labelText(text) });
  }
  return Object.fromEntries([...labels].map(([key, { value }]) => [key, value]));
}

function labelText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, "-")
    .slice(0, longest);
}
