import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Report } from "../rehearsal/report.ts";

/** What happened in a rehearsal's valid runs, in order, by story: lanes end in any order. */
function eventsOf({ runs }: Pick<Report, "runs">): string[] {
  const valid = runs.filter((run) => run.valid);
  const byStory = [...Map.groupBy(valid, ({ story }) => story)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return byStory
    .flatMap(([, own]) => own)
    .flatMap(({ story, events }) => events.map((event) => `${story}: ${event}`));
}

/** `node tools/sameEvents.ts FIRST SECOND`: whether two rehearsals' reports tell the same events in the same order. */
function main(files: string[]): number {
  const [first = [], second = []] = files.map((file) =>
    eventsOf(JSON.parse(readFileSync(file, "utf8"))),
  );
  if (first.length === 0) {
    console.error("the first report tells no events of a valid run");
    return 1;
  }
  if (!isDeepStrictEqual(first, second)) {
    console.error(`not the same:\n\n${first.join("\n")}\n\nand then\n\n${second.join("\n")}`);
    return 1;
  }
  console.log(`${first.length} events, both times the same`);
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
