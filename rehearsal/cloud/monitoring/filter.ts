import { GoogleError } from "../googleError.ts";

/** What a time series is selected by: `metric.type`, `resource.labels.service_name`, … → value. */
export type Selectors = Readonly<Record<string, string>>;

export interface Filter {
  /** The one metric that it is about. */
  metric: string;
  matches(selectors: Selectors): boolean;
}

type Test = (selectors: Selectors) => boolean;

/**
 * Reads a monitoring filter: comparisons with AND between them.
 *
 * @param known - every selector that a series can have; a filter by another one is refused.
 * @throws GoogleError INVALID_ARGUMENT.
 */
export function parseFilter(text: string, known: ReadonlySet<string>): Filter {
  const tests: Test[] = [];
  let metric: string | undefined;
  for (const term of text.trim().split(/\s+AND\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const [, written = "", operator, right = ""] =
      /^([\w.]+)\s*(!=|=)\s*(.+)$/.exec(term.trim()) ?? [];
    const selector = written.replace(/^(metric|resource)\.label\./, "$1.labels.");
    if (operator === undefined || !known.has(selector)) {
      throw new GoogleError(
        "INVALID_ARGUMENT",
        `Field filter had an invalid value of "${text}": '${term}' is not rehearsed. Comparisons by = and != with AND ` +
          `between them are, of ${[...known].join(", ")}.`,
      );
    }
    const test = valueTest(right.trim(), text);
    if (selector === "metric.type" && operator === "=") metric = stringOf(right.trim());
    tests.push((selectors) => test(selectors[selector] ?? "") === (operator === "="));
  }
  if (metric === undefined) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Field filter had an invalid value of "${text}": must specify a restriction on "metric.type" in the filter; see ` +
        '"https://cloud.google.com/monitoring/api/resources".',
    );
  }
  return { metric, matches: (selectors) => tests.every((test) => test(selectors)) };
}

function valueTest(right: string, filter: string): (value: string) => boolean {
  const exact = stringOf(right);
  if (exact !== undefined) return (value) => value === exact;
  const [, name, list = ""] = /^(starts_with|ends_with|one_of)\((.*)\)$/.exec(right) ?? [];
  const values = list.split(",").map((item) => stringOf(item.trim()));
  if (name !== undefined && values.every((value) => value !== undefined)) {
    return (value) =>
      values.some((one) => {
        if (name === "starts_with") return value.startsWith(one);
        return name === "ends_with" ? value.endsWith(one) : value === one;
      });
  }
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Field filter had an invalid value of "${filter}": '${right}' is neither a text in quotes nor starts_with, ends_with ` +
      "or one_of.",
  );
}

function stringOf(text: string): string | undefined {
  return /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1]?.replace(/\\(.)/g, "$1");
}
