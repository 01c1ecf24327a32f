import { basename } from "node:path";
import type { Outcome } from "../report.ts";
import type { Story } from "./story.ts";

export interface CustomStoryArgs {
  /** Absolute paths of the build contexts: what is live, and what is to replace it. */
  platform: string;
  next: string;
  expected: Outcome;
}

/** Somebody's own platforms instead of the reference one: the first goes live, then the next one is tried under load. */
export function customStory({ platform, next, expected }: CustomStoryArgs): Story {
  return {
    name: "custom",
    tells: `${basename(next)} is released where ${basename(platform)} is live`,
    core: false,
    startsFrom: "nothing",
    earlier: ["shifted"],
    expected,
    minimumRequests: 1000,
    degrades: expected === "rolledBack" ? "somehow" : undefined,
    async play(play) {
      await play.up(await play.custom(platform));
      await play.startLoad();
      await play.requests(300);
      await play.up(await play.custom(next));
      await play.moreRequests(700);
      await play.stopLoad();
      await play.previewAgain();
    },
  };
}
