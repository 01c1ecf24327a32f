/** Three digits: enough for a reader, and no noise in the state. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
