/** What {@link cronMistake} takes, for errors and pages. */
export const cronAllowed =
  'six fields, such as "0 8 ? * MON-FRI *"; ? for one of the days, and days of the week by name';

interface Field {
  name: string;
  min: number;
  max: number;
  /** In order, for `min` and up. */
  names?: readonly string[];
  /** Whether numbers are understood, too. */
  byNumber: boolean;
  /** What else may stand there. */
  special?: RegExp;
}

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");

const fields: readonly Field[] = [
  { name: "minutes", min: 0, max: 59, byNumber: true },
  { name: "hours", min: 0, max: 23, byNumber: true },
  {
    name: "day of the month",
    min: 1,
    max: 31,
    byNumber: true,
    // The last day; the working day that is nearest to one.
    special: /^(L|([1-9]|[12]\d|3[01])W)$/,
  },
  { name: "month", min: 1, max: 12, names: months, byNumber: true },
  // AWS's pages have called a Monday 2, and a Tuesday.
  { name: "day of the week", min: 1, max: 7, names: weekdays, byNumber: false },
  { name: "year", min: 1970, max: 2199, byNumber: true },
];

/**
 * What is to be done about a cron expression that Application Auto Scaling would refuse, or take for another time than
 * was meant.
 *
 * @returns undefined where it is well-formed.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
 */
export function cronMistake(expression: string): string | undefined {
  const [, inner] = /^\s*cron\((.*)\)\s*$/.exec(expression) ?? [];
  if (inner !== undefined) return `Write "${inner}": cron( ) is put around it.`;
  const parts = expression.split(/\s+/);
  if (parts.length === 5) {
    return `Five fields are Unix's; the sixth is the year. ${example([...parts.map(fromUnix), "*"])}`;
  }
  if (parts.length !== fields.length) return `These are ${parts.length}. ${example(parts)}`;
  if (!hasOneDay(parts)) {
    const which = parts[2] === "?" ? "both of them are" : "neither is";
    return `Exactly one of the days has to be ?, and ${which}. ${example(parts)}`;
  }
  const index = wrongPart(parts);
  const field = fields[index];
  return field && `"${parts[index]}" is no ${field.name}: write ${described(field)}.`;
}

function hasOneDay(parts: readonly string[]): boolean {
  return (parts[2] === "?") !== (parts[4] === "?");
}

/** @returns -1 where none is. */
function wrongPart(parts: readonly string[]): number {
  return fields.findIndex((field, index) => {
    const text = parts[index] ?? "";
    const isNoDay = text === "?" && (index === 2 || index === 4);
    return !isNoDay && !text.split(",").every((part) => isKnown(field, part));
  });
}

/** One part of a list: `*`, a value or a range of them, with or without a step. */
function isKnown(field: Field, part: string): boolean {
  if (field.special?.test(part)) return true;
  const [values = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (values === "*") return true;
  const ends = values.split("-").map((word) => valueOf(field, word));
  const [from, to = from] = ends;
  return ends.length <= 2 && from !== undefined && to !== undefined && from <= to;
}

function valueOf({ min, max, names = [], byNumber }: Field, word: string): number | undefined {
  const named = names.indexOf(word);
  if (named >= 0) return min + named;
  if (!byNumber || !/^\d{1,4}$/.test(word)) return undefined;
  const value = Number(word);
  return value >= min && value <= max ? value : undefined;
}

function described({ min, max, names, byNumber, special }: Field): string {
  const values = [
    ...(byNumber ? [`${min} to ${max}`] : []),
    ...(names ? [`${names[0]} to ${names.at(-1)}`] : []),
    ...(special ? ["L, 15W"] : []),
  ].join(", ");
  return `* or ${values}, with lists (,), rising ranges (-) and steps (/)`;
}

/** On Unix days of the week are numbers, and Sunday is 0, and 7. */
function fromUnix(part: string, index: number): string {
  if (index !== 4) return part;
  return part.replaceAll(/[0-7]/g, (digit) => weekdays[Number(digit) % 7] ?? digit);
}

/** What was probably meant, where that is well-formed. */
function example(parts: readonly string[]): string {
  const meant = [...parts];
  if (meant[4] === "*") meant[4] = "?";
  else if (meant[2] === "*") meant[2] = "?";
  if (meant[2] === "?" && meant[4] === "?") meant[2] = "*";
  const fits = meant.length === fields.length && hasOneDay(meant) && wrongPart(meant) < 0;
  return fits ? `Write "${meant.join(" ")}".` : 'Write something like "0 8 ? * MON-FRI *".';
}
