import { table } from "../../operate/table.ts";
import { amountOf, money, priceOf, right } from "./cells.ts";
import { type CostLine, hoursPerMonth, monthly, total } from "./costLine.ts";
import { pricesLookedUp } from "./prices.ts";
import type { StackPlan } from "./stackPlan.ts";

/** What the numbers below are. */
export function headOf(
  { stack, region }: Pick<StackPlan, "stack" | "region">,
  fewest: string,
): string {
  return [
    `Stack ${stack} in ${region}, in US dollars for a month of ${hoursPerMonth} hours: list prices looked up on`,
    `${pricesLookedUp}, without tax, discounts or traffic, at the fewest ${fewest}.`,
  ].join("\n");
}

/** Line by line, with the total. */
export function billOf(lines: readonly CostLine[]): string {
  return table([
    ["what", "how much", "price", right("a month")],
    ...lines.map((line) => [line.what, amountOf(line), priceOf(line), money(monthly(line))]),
    ["total", "", "", money(total(lines))],
  ]);
}
