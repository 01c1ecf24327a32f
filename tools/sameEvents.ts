import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Report } from "../rehearsal/report.ts";

/** `node tools/sameEvents.ts FIRST SECOND`: whether two rehearsals' reports tell the same events in the same order. */
const [first = [], second = []] = process.argv.slice(2).map(eventsOf);

if (first.length === 0) fail("the first report tells no events");
if (!isDeepStrictEqual(first, second)) {
  fail(
    `the same seed gave other events.\n\n${first.join("\n")}\n\nand then\n\n${second.join("\n")}`,
  );
}
console.log(`${first.length} events, both times the same`);

function eventsOf(file: string): string[] {
  const { runs }: Report = JSON.parse(readFileSync(file, "utf8"));
  return runs.flatMap(({ story, events }) => events.map((event) => `${story}: ${event}`));
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
