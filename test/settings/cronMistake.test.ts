import { expect } from "chai";
import { cronMistake } from "../../settings/cronMistake.ts";

describe("a cron expression", () => {
  for (const right of [
    "0 10 * * ? *",
    "15 12 * * ? *",
    "0 18 ? * MON-FRI *",
    "0 8 1 * ? *",
    "0/15 * * * ? *",
    "0/5 8-17 ? * MON-FRI *",
    "*/10 0,12 ? JAN-MAR SUN,SAT 2026-2028",
    "59 23 L 12 ? 2199",
    "0 0 15W 1/3 ? *",
  ]) {
    it(`${right} is well-formed`, () => expect(cronMistake(right)).to.equal(undefined));
  }

  const wrong: Record<string, string | RegExp> = {
    "0 8 * * 1-5": 'Five fields are Unix\'s; the sixth is the year. Write "0 8 ? * MON-FRI *".',
    "0 8 * * *": 'Five fields are Unix\'s; the sixth is the year. Write "0 8 * * ? *".',
    "0 8 * * 0,7": /Write "0 8 \? \* SUN,SUN \*"\.$/,
    // Unix means either day by that; there is no such expression here.
    "0 8 1 * 1": /Write something like/,
    "0 8 * * MON-FRI *":
      'Exactly one of the days has to be ?, and neither is. Write "0 8 ? * MON-FRI *".',
    "0 8 1 * MON *": /neither is\. Write something like/,
    "0 8 ? * ? *":
      'Exactly one of the days has to be ?, and both of them are. Write "0 8 * * ? *".',
    "0 0 8 ? * MON-FRI *": /^These are 7\. Write something like/,
    "": /^These are 1\./,
    " 0 8 ? * MON *": /^These are 7\./,
    "cron(0 8 ? * MON *)": 'Write "0 8 ? * MON *": cron( ) is put around it.',
    "60 8 * * ? *": /^"60" is no minutes: write \* or 0 to 59, /,
    "0 24 * * ? *": /^"24" is no hours: write \* or 0 to 23, /,
    "0 8 0 * ? *": /^"0" is no day of the month: write \* or 1 to 31, L, 15W, /,
    "0 8 32W * ? *": /^"32W" is no day of the month/,
    "0 8 * 13 ? *": /^"13" is no month: write \* or 1 to 12, JAN to DEC, /,
    "0 8 * ? ? *": /^"\?" is no month/,
    "0 8 * ? * *": /Exactly one of the days/,
    "0 8 ? * 2 *": /^"2" is no day of the week: write \* or SUN to SAT, /,
    "0 8 ? * mon *": /^"mon" is no day of the week/,
    "0 8 ? * FRI-MON *": /^"FRI-MON" is no day of the week: .* rising ranges/,
    "0 22-6 * * ? *": /^"22-6" is no hours/,
    "0 1-2-3 * * ? *": /^"1-2-3" is no hours/,
    "0/0 8 * * ? *": /^"0\/0" is no minutes/,
    "0/5/5 8 * * ? *": /^"0\/5\/5" is no minutes/,
    "0, 8 * * ? *": /^"0," is no minutes/,
    "0 8 * * ? 26": /^"26" is no year: write \* or 1970 to 2199/,
  };
  for (const [expression, says] of Object.entries(wrong)) {
    it(`"${expression}" is not`, () => {
      if (typeof says === "string") expect(cronMistake(expression)).to.equal(says);
      else expect(cronMistake(expression)).to.match(says);
    });
  }
});
