import { expect } from "chai";
import { scaledEnvironment } from "../../../rehearsal/cloud/ecs/scaledEnvironment.ts";

describe("scaledEnvironment", () => {
  it("divides the platform's timers, and says so", () => {
    const env = { DRAIN_SECONDS: "20", KEEP_ALIVE_SECONDS: "75", PORT: "8000" };
    expect(scaledEnvironment(env, 30)).to.deep.equal({
      env: { DRAIN_SECONDS: "0.667", KEEP_ALIVE_SECONDS: "2.5", PORT: "8000" },
      scaled: [
        { name: "DRAIN_SECONDS", declared: "20", scaled: "0.667" },
        { name: "KEEP_ALIVE_SECONDS", declared: "75", scaled: "2.5" },
      ],
    });
  });

  it("leaves what is no number, what is not set, and everything at speed 1", () => {
    expect(scaledEnvironment({ DRAIN_SECONDS: "soon" }, 30).scaled).to.deep.equal([]);
    expect(scaledEnvironment({ DRAIN_SECONDS: "" }, 30).env).to.deep.equal({ DRAIN_SECONDS: "" });
    expect(scaledEnvironment({}, 30)).to.deep.equal({ env: {}, scaled: [] });
    expect(scaledEnvironment({ DRAIN_SECONDS: "20" }, 1).scaled).to.deep.equal([]);
  });
});
