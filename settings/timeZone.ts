/** What {@link isTimeZone} takes, for errors and pages. */
export const timeZoneAllowed = "an IANA time zone, such as Europe/Berlin";

/**
 * Whether a name is a time zone, as the IANA writes it: `Europe/Berlin`, `UTC`, `Etc/GMT+9`.
 *
 * `Intl.supportedValuesOf` alone knows too few: not UTC, and of each zone only one name, often an older one. What
 * `Intl` understands beyond it includes offsets and any case, which AWS doesn't.
 */
export function isTimeZone(name: string): boolean {
  if (Intl.supportedValuesOf("timeZone").includes(name)) return true;
  if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
