/** Hours that AWS's own calculator gives a month. */
export const hoursPerMonth = 730;

/** One line of a bill. */
export interface CostLine {
  what: string;
  /** How many, of `unit` where that isn't plain. */
  amount: number;
  unit?: string;
  /** US dollars for one of it. */
  price: number;
  per: "hour" | "month";
}

/** US dollars a month. */
export function monthly({ amount, price, per }: CostLine): number {
  return amount * price * (per === "hour" ? hoursPerMonth : 1);
}

/** US dollars a month. */
export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, line) => sum + monthly(line), 0);
}
