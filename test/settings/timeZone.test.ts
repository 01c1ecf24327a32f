import { expect } from "chai";
import { isTimeZone } from "../../settings/timeZone.ts";

describe("a time zone", () => {
  for (const name of [
    "UTC",
    "Europe/Berlin",
    "Etc/GMT+9",
    "Pacific/Tahiti",
    "Asia/Kolkata",
    "Asia/Calcutta",
    "Europe/Kyiv",
    "America/Port-au-Prince",
    "America/Argentina/Buenos_Aires",
  ]) {
    it(`${name} is one`, () => expect(isTimeZone(name)).to.equal(true));
  }
  for (const name of [
    "",
    "Europe/Nowhere",
    "europe/berlin",
    "Europe/berlin",
    "Asia/kolkata",
    "utc",
    "+02:00",
    "UTC+2",
    "Europe/",
  ]) {
    it(`"${name}" is none`, () => expect(isTimeZone(name)).to.equal(false));
  }
});
