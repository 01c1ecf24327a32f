/**
 * Columns as wide as their widest cell, two spaces apart; empty where there are no rows.
 *
 * @param indent - spaces before each line.
 */
export function table(rows: readonly (readonly string[])[], indent = 0): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, plain(cell).length);
    });
  }
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => plain(cell).padEnd(widths[column] ?? 0));
      return `${" ".repeat(indent)}${cells.join("  ")}`.trimEnd();
    })
    .join("\n");
}

/** What a release says of itself ends up in reasons: it must not move the cursor of who reads them. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
