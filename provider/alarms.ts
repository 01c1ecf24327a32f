/** The cloud's alarms, as the bake sees them. */
export interface Alarms {
  /**
   * The present state of every named alarm, in the order of the names.
   *
   * @returns an alarm that does not exist as `MISSING`.
   */
  read(names: readonly string[], signal: AbortSignal): Promise<Alarm[]>;
}

export interface Alarm {
  name: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA" | "MISSING";
  /** The cloud's own words for the state. */
  reason: string;
}

/** Looks in a row that may fail before a release counts as unwatched. */
export const blindLooks = 3;

/** The alarms that speak against a release: those that fire, and those that nobody can watch. */
export function objections(alarms: readonly Alarm[]): Alarm[] {
  return alarms.filter(({ state }) => state === "ALARM" || state === "MISSING");
}

/** One alarm in the words of an error message. */
export function describeAlarm({ name, state, reason }: Alarm): string {
  if (state === "MISSING") return `alarm ${name} does not exist, so nothing watches the release`;
  return `alarm ${name} fired: ${reason}`;
}
