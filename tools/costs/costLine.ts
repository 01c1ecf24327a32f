/** Hours that AWS's own calculator gives a month. */
export const hoursPerMonth = 730;

/** The same in the unit of Google's list. */
export const secondsPerMonth = hoursPerMonth * 3600;

/** One line of a bill. */
export interface CostLine {
  what: string;
  /** How many, of `unit` where that isn't plain. */
  amount: number;
  unit?: string;
  /** US dollars for one of it. */
  price: number;
  per: keyof typeof perMonth;
}

/** How many of them a month has. */
const perMonth = { second: secondsPerMonth, hour: hoursPerMonth, month: 1 } as const;

/** US dollars a month. */
export function monthly({ amount, price, per }: CostLine): number {
  return amount * price * perMonth[per];
}

/** US dollars a month. */
export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, line) => sum + monthly(line), 0);
}
