import type { Hold } from "./deploymentController.ts";
import { asNoteText, longestNote } from "./notes.ts";

/** `BY since TIME` */
const form = /^(?<by>.*) since (?<since>\S+)$/u;

/** Within AWS's limits for the value of a tag. */
export function writeHold({ by, since }: Hold): string {
  return `${asNoteText(by, longestNote - ` since ${since}`.length)} since ${since}`;
}

/** Whatever stands there is somebody's wish to hold the release, in whatever form. */
export function readHold(value: string | undefined): Hold | undefined {
  if (value === undefined) return undefined;
  const { by, since } = value.match(form)?.groups ?? {};
  if (by === undefined || since === undefined) return { by: value, since: "unknown" };
  return { by, since };
}
