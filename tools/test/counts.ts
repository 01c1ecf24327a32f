/** How many tests a suite had. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Reads the summary that mocha's reporters end with; undefined when it did not come that far. */
export function mochaCounts(output: string): Counts | undefined {
  const passed = lastFigure(output, "passing");
  if (passed === undefined) return undefined;
  return {
    passed,
    failed: lastFigure(output, "failing") ?? 0,
    skipped: lastFigure(output, "pending") ?? 0,
  };
}

/** Reads the figures of a JUnit file's suites. */
export function junitCounts(xml: string): Counts | undefined {
  const suites = [...xml.matchAll(/<testsuite\s([^>]*)>/g)].map(
    ([, attributes = ""]) => attributes,
  );
  if (suites.length === 0) return undefined;
  const sum = (name: string) =>
    suites.reduce(
      (total, attributes) =>
        total + Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0),
      0,
    );
  const failed = sum("failures") + sum("errors");
  const skipped = sum("skipped");
  return { passed: sum("tests") - failed - skipped, failed, skipped };
}

export function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

function lastFigure(output: string, word: string): number | undefined {
  const found = [...output.matchAll(new RegExp(`^ *(\\d+) ${word}\\b`, "gm"))].at(-1);
  return found === undefined ? undefined : Number(found[1]);
}
