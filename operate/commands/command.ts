import type { ReleaseControl } from "../../provider/releaseControl.ts";

/** What a command on one service works with. */
export interface Subject {
  stack: string;
  /** Name of the service in the settings. */
  service: string;
  /** Undefined where it is not known. */
  strategy: string | undefined;
  control: ReleaseControl;
  /** Who gives the command. */
  by: string;
  signal: AbortSignal;
}

/**
 * A command on the release that is on its way; what it did, in one sentence.
 *
 * @throws CannotDo when the release is not where the command makes sense.
 */
export type Command = (subject: Subject) => Promise<string>;
