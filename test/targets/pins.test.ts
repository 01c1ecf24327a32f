import { expect } from "chai";
import { SettingsError } from "../../settings/problems.ts";
import { resolvePins } from "../../targets/pins.ts";

const record = (release: string, endedAt: string) => ({
  release,
  revision: `revision-of-${release}`,
  configuration: "c1",
  image: `image-of-${release}`,
  by: "somebody",
  startedAt: endedAt,
  endedAt,
  verdict: "live" as const,
});
const recorded = async () =>
  new Map([
    [
      "platform",
      {
        live: undefined,
        history: [record("bbbbbbbbbbbb", "2026-01-02"), record("aaaaaaaaaaaa", "2026-01-01")],
      },
    ],
    ["reports", { live: undefined, history: [] }],
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
      [
        "platform",
        {
          release: "aaaaaaaaaaaa",
          revision: "revision-of-aaaaaaaaaaaa",
          image: "image-of-aaaaaaaaaaaa",
        },
      ],
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
      'symphainy:services.platform.release is "cccccccccccc", of which no record says that it was ever live. Allowed: bbbbbbbbbbbb (live since 2026-01-02), aaaaaaaaaaaa (live since 2026-01-01). Write one of them, or remove the key to release what the settings say.',
      'symphainy:services.reports.release is "aaaaaaaaaaaa", of which no record says that it was ever live. Allowed: nothing yet, as no release is recorded. Remove the key.',
    ]);
  });
});
