import { expect } from "chai";
import { pinnedRelease, recordedReleases } from "../../components/pinnedRelease.ts";
import { promotionsIn } from "../../components/recordedPromotions.ts";
import type { PromotionRecord } from "../../provider/messages.ts";

const record = (
  release: string,
  revision: number,
  verdict: PromotionRecord["verdict"] = "live",
): PromotionRecord => ({
  release,
  revision: `platform:${revision}`,
  configuration: "c1",
  image: `registry.example/platform@sha256:${revision}`,
  by: "somebody",
  startedAt: "2026-01-01T00:00:00Z",
  endedAt: `2026-01-${revision}T00:00:00Z`,
  verdict,
});

const recorded = {
  live: undefined,
  history: [
    record("cccc", 14, "undone"),
    record("aaaa", 13),
    record("bbbb", 12),
    record("dddd", 11, "failed"),
    record("aaaa", 10),
  ],
};

describe("pinnedRelease", () => {
  it("is the release as it went live last", () => {
    expect(pinnedRelease("aaaa", recorded)).to.deep.equal({
      release: "aaaa",
      revision: "platform:13",
      image: "registry.example/platform@sha256:13",
    });
  });

  for (const id of ["cccc", "dddd", "eeee", "aaa"]) {
    it(`is none for ${id}, which never went live`, () => {
      expect(pinnedRelease(id, recorded)).to.equal(undefined);
    });
  }

  it("is none without records", () => {
    expect(pinnedRelease("aaaa", undefined)).to.equal(undefined);
    expect(recordedReleases(undefined)).to.deep.equal([]);
  });

  it("can be any that went live, newest first, each once", () => {
    expect(recordedReleases(recorded)).to.deep.equal([
      { release: "aaaa", since: "2026-01-13T00:00:00Z" },
      { release: "bbbb", since: "2026-01-12T00:00:00Z" },
    ]);
  });
});

describe("promotionsIn", () => {
  const live = {
    release: "aaaa",
    revision: "platform:13",
    configuration: "c1",
    since: "2026-01-13T00:00:00Z",
  };
  const promotion = (outputs: object) => ({ type: "rollout:index:Promotion", outputs });
  // As the engine answers.
  const stateOf = (outputs: object) =>
    JSON.parse(JSON.stringify({ name: "organization/pin/test", outputs }));

  it("are the promotions of a state by their services", () => {
    const state = stateOf({
      "urn:a": { type: "aws:ecs/service:Service", outputs: { service: "platform" } },
      "urn:b": promotion({
        service: "platform",
        deployment: { taskDefinition: "platform:14" },
        live,
        history: recorded.history,
        drift: ["by hand"],
      }),
      "urn:c": promotion({ service: "reports", history: [] }),
    });
    const promotions = promotionsIn(state);
    expect([...promotions.keys()]).to.deep.equal(["platform", "reports"]);
    const { history } = recorded;
    expect(promotions.get("platform")).to.deep.equal({
      live,
      history,
      drift: ["by hand"],
      tried: "platform:14",
    });
    expect(promotions.get("reports")).to.deep.equal({
      live: undefined,
      history: [],
      drift: [],
      tried: undefined,
    });
  });

  it("are none in a state without resources, or none at all", () => {
    expect(promotionsIn(stateOf({})).size).to.equal(0);
    expect(promotionsIn({}).size).to.equal(0);
    expect(promotionsIn(null).size).to.equal(0);
  });
});
