import type { Outcome } from "../report.ts";
import type { Stage } from "../stage/stage.ts";

/** Something that can happen to a release, and how it has to end. */
export interface Story {
  name: string;
  /** One sentence for people. */
  tells: string;
  /** The world in which it begins: an empty account, or one in which a release is live. */
  startsFrom: "nothing" | "live";
  expected: Outcome;
  /** Fewer requests than this prove too little. */
  minimumRequests: number;
  play(stage: Stage): Promise<void>;
}
