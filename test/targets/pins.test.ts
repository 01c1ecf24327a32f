import { expect } from "chai";
import { SettingsError } from "../../settings/problems.ts";
import { resolvePins } from "../../targets/pins.ts";
import { promotionRecord } from "../support/promotionRecord.ts";

const older = promotionRecord("aaaaaaaaaaaa", 1);
const newer = promotionRecord("bbbbbbbbbbbb", 2);
const recorded = async () =>
  new Map([
    ["platform", { history: [newer, older] }],
    ["reports", { history: [] }],
  ]);

describe("resolvePins", () => {
  it("asks for nothing when nothing is pinned", async () => {
    const pins = await resolvePins([{ name: "platform" }], () => {
      throw new Error("it asked");
    });
    expect([...pins]).to.deep.equal([]);
  });

  it("finds what a service is held at, and leaves the others alone", async () => {
    const pins = await resolvePins(
      [{ name: "platform", release: "aaaaaaaaaaaa" }, { name: "reports" }],
      recorded,
    );
    expect([...pins]).to.deep.equal([
      ["platform", { release: "aaaaaaaaaaaa", revision: older.revision, image: older.image }],
    ]);
  });

  it("names every pin that is not recorded, and what is", async () => {
    const failed = await resolvePins(
      [
        { name: "platform", release: "cccccccccccc" },
        { name: "reports", release: "aaaaaaaaaaaa" },
      ],
      recorded,
    ).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(SettingsError);
    expect(failed).to.have.deep.property("problems", [
      'symphainy:services.platform.release is "cccccccccccc", of which no record says that it was ever live. Allowed: bbbbbbbbbbbb (live since 2030-01-01T02:10:00.000Z), aaaaaaaaaaaa (live since 2030-01-01T01:10:00.000Z). Write one of them, or remove the key to release what the settings say.',
      'symphainy:services.reports.release is "aaaaaaaaaaaa", of which no record says that it was ever live. Allowed: nothing yet, as no release is recorded. Remove the key.',
    ]);
  });
});
