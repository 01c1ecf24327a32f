/**
 * Expands a word of a Dockerfile as BuildKit does: quotes are taken off, `$NAME`, `${NAME}`, `${NAME:-default}` and
 * `${NAME:+instead}` are replaced, nothing is replaced in single quotes, and a backslash takes the next character as
 * it is.
 *
 * @param lookUp - the value of a variable; undefined when it is not set.
 * @throws Error, when the word uses another kind of expansion.
 */
export function expandWord(word: string, lookUp: (name: string) => string | undefined): string {
  let result = "";
  let rest = word;
  let quote = "";
  while (rest !== "") {
    const char = rest.charAt(0);
    if (quote === "'") {
      if (char === "'") quote = "";
      else result += char;
      rest = rest.slice(1);
    } else if (char === "\\") {
      const keepsBackslash = quote === '"' && !/["$\\]/.test(rest.charAt(1));
      result += keepsBackslash ? rest.slice(0, 2) : rest.charAt(1);
      rest = rest.slice(2);
    } else if (char === '"' || (char === "'" && quote === "")) {
      quote = quote === char ? "" : char;
      rest = rest.slice(1);
    } else if (char === "$") {
      const { value, length } = expandVariable(rest, lookUp);
      result += value;
      rest = rest.slice(length);
    } else {
      result += char;
      rest = rest.slice(1);
    }
  }
  return result;
}

function expandVariable(
  text: string,
  lookUp: (name: string) => string | undefined,
): { value: string; length: number } {
  const plain = /^\$([A-Za-z_]\w*)/.exec(text);
  if (plain) return { value: lookUp(plain[1] ?? "") ?? "", length: plain[0].length };
  if (!text.startsWith("${")) return { value: "$", length: 1 };
  const braced = /^\$\{([A-Za-z_]\w*)(?:(:?[-+])([^}]*))?\}/.exec(text);
  if (!braced) throw new Error(`the expansion ${text.split("}")[0]}} is not supported`);
  const [whole, name = "", operator = "", alternative = ""] = braced;
  const value = lookUp(name);
  const isSet = value !== undefined && (value !== "" || !operator.startsWith(":"));
  const other = () => expandWord(alternative, lookUp);
  if (operator.endsWith("+")) return { value: isSet ? other() : "", length: whole.length };
  if (operator.endsWith("-")) return { value: isSet ? value : other(), length: whole.length };
  return { value: value ?? "", length: whole.length };
}
