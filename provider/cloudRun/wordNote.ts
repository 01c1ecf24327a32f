import { asNoteText, longestNote } from "../notes.ts";

/** What somebody has decided about a promotion, over its head. */
export interface WordNote {
  word: "promote" | "abort";
  by: string;
  /** ISO 8601. */
  since: string;
}

/** `WORD by WHO since TIME` */
const form = /^(?<word>promote|abort) by (?<by>.*) since (?<since>\S+)$/u;

export function writeWord({ word, by, since }: WordNote): string {
  const furniture = `${word} by  since ${since}`.length;
  return `${word} by ${asNoteText(by, longestNote - furniture)} since ${since}`;
}

/** @returns undefined for a text that is no word. */
export function readWord(value: string | undefined): WordNote | undefined {
  const { word, by, since } = value?.match(form)?.groups ?? {};
  if ((word !== "promote" && word !== "abort") || by === undefined || since === undefined) {
    return undefined;
  }
  return { word, by, since };
}
