import type { Story } from "../stories/story.ts";

/** What of a story its judgement depends on. */
export type Expectation = Pick<
  Story,
  "expected" | "earlier" | "minimumRequests" | "startsFrom" | "degrades" | "mayLose"
>;
