import { asNoteText, longestNote } from "./notes.ts";

/** One runner's sign of life: who follows the service's deployment, since when, and until when that counts. */
export interface RunnerNote {
  by: string;
  /** Milliseconds since the Unix epoch. */
  since: number;
  /** Milliseconds since the Unix epoch. */
  until: number;
  /** Tells two runs by the same name apart. */
  run: string;
}

/** `BY since TIME until TIME run ID` */
const form = /^(?<by>.*) since (?<since>\S+) until (?<until>\S+) run (?<run>\S+)$/u;
const furniture = " since  until  run ".length + 2 * 24;

/** Within AWS's limits for the value of a tag. */
export function writeRunner({ by, since, until, run }: RunnerNote): string {
  const name = asNoteText(by, longestNote - furniture - run.length);
  const [from, to] = [since, until].map((time) => new Date(time).toISOString());
  return `${name} since ${from} until ${to} run ${run}`;
}

/** @returns undefined for a text that no runner wrote. */
export function readRunner(value: string | undefined): RunnerNote | undefined {
  const { by, since, until, run } = value?.match(form)?.groups ?? {};
  if (by === undefined || since === undefined || until === undefined || run === undefined) {
    return undefined;
  }
  const note = { by, since: Date.parse(since), until: Date.parse(until), run };
  return Number.isNaN(note.since) || Number.isNaN(note.until) ? undefined : note;
}

/** Who it is and since when, as messages have it. */
export function describeRunner({ by, since }: RunnerNote): string {
  return `${by} (since ${new Date(since).toISOString()})`;
}
