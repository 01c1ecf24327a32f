import { expect } from "chai";
import { promotionsIn } from "../../components/recordedPromotions.ts";
import { promotionRecord } from "../support/promotionRecord.ts";

describe("promotionsIn", () => {
  const history = [promotionRecord("aaaa", 13), promotionRecord("bbbb", 12)];
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
        deployment: { taskDefinition: "platform:14", tasks: { min: 2, max: 4 } },
        live,
        history,
        drift: ["by hand"],
      }),
      "urn:c": promotion({ service: "reports", history: [] }),
    });
    const promotions = promotionsIn(state);
    expect([...promotions.keys()]).to.deep.equal(["platform", "reports"]);
    expect(promotions.get("platform")).to.deep.equal({
      live,
      history,
      drift: ["by hand"],
      tried: "platform:14",
      tasks: { min: 2, max: 4 },
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
