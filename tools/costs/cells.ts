import type { CostLine } from "./costLine.ts";
import type { ServicePlan } from "./ecsPlan.ts";

/** How numbers are written in the tables of the costs. */

/** Such as `0.25 vCPU and 0.5 GiB`. */
export function sizeText({ cpu, memory }: Pick<ServicePlan, "cpu" | "memory">): string {
  return `${round(cpu / 1024)} vCPU and ${round(memory / 1024)} GiB`;
}

export function amountOf({ amount, unit }: CostLine): string {
  return unit === undefined ? count(amount) : `${round(amount)} ${unit}`;
}

export function priceOf({ price, per }: CostLine): string {
  const unit = { second: "a second", hour: "an hour", month: "a month" }[per];
  return price === 0 ? "nothing" : `${round(price, 8)} ${unit}`;
}

export function money(dollars: number | undefined): string {
  if (dollars === undefined) return right("not known");
  return right(
    dollars.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  );
}

/** Of 1: such as `52 %`. */
export function percent(share: number): string {
  return `${round(share * 100, 0)} %`;
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** Such as `27 million`. */
export function millions(number: number): string {
  return `${count(Number((number / 1e6).toPrecision(2)))} million`;
}

function round(number: number, digits = 2): string {
  return String(Number(number.toFixed(digits)));
}

/** Numbers stand below one another. */
export function right(text: string): string {
  return text.padStart(9);
}
