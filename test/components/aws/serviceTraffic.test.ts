import { expect } from "chai";
import { only } from "../../support/mocks.ts";
import { createService, groupType, ruleType } from "./support/createService.ts";

describe("ServiceTraffic", () => {
  it("looks for the secret header before the path alone", async () => {
    const recording = await createService();
    const production = only(recording, ruleType, "platform-production");
    const test = only(recording, ruleType, "platform-test");
    expect(Number(test.inputs.priority)).to.be.below(Number(production.inputs.priority));
    const below = { pathPattern: { values: ["/*"] } };
    expect(production.inputs.conditions).to.deep.equal([below]);
    expect(test.inputs.conditions).to.deep.equal([
      below,
      { httpHeader: { httpHeaderName: "x-symphainy-test", values: ["test-header-secret"] } },
    ]);
    expect(test.secrets).to.deep.equal(["conditions[1].httpHeader.values[0]"]);
  });

  it("makes a secret that no one guesses and no rule takes for a pattern", async () => {
    const { inputs } = only(await createService(), "random:index/randomPassword:RandomPassword");
    expect(inputs).to.include({ special: false });
    expect(Number(inputs.length)).to.be.within(32, 128);
  });

  it("only forwards, to both groups, all to the first at the start", async () => {
    const recording = await createService();
    for (const name of ["platform-production", "platform-test"]) {
      const { actions } = only(recording, ruleType, name).inputs;
      expect(actions).to.have.length(1);
      expect(actions).to.have.nested.property("[0].type", "forward");
      expect(actions).to.have.nested.property("[0].forward.targetGroups[0].weight", 100);
      expect(actions).to.have.nested.property("[0].forward.targetGroups[1].weight", 0);
    }
  });

  it("checks addresses by the health contract's own numbers", async () => {
    const recording = await createService({ path: "/api" });
    for (const name of ["platform-a", "platform-b"]) {
      expect(only(recording, groupType, name).inputs).to.deep.include({
        targetType: "ip",
        deregistrationDelay: 60,
        healthCheck: {
          enabled: true,
          protocol: "HTTP",
          port: "traffic-port",
          path: "/api/health",
          matcher: "200",
          interval: 5,
          timeout: 2,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
      });
    }
  });

  it("leads clients wherever, unless there are sessions", async () => {
    const recording = await createService();
    for (const name of ["platform-a", "platform-b"]) {
      expect(only(recording, groupType, name).inputs.stickiness).to.deep.include({
        type: "lb_cookie",
        enabled: false,
      });
    }
  });

  it("keeps sessions by the groups' own cookies, never by the rules'", async () => {
    const recording = await createService({ stickySessionSeconds: 3600 });
    for (const name of ["platform-a", "platform-b"]) {
      expect(only(recording, groupType, name).inputs.stickiness).to.deep.equal({
        type: "lb_cookie",
        enabled: true,
        cookieDuration: 3600,
      });
    }
    for (const name of ["platform-production", "platform-test"]) {
      expect(JSON.stringify(only(recording, ruleType, name).inputs)).not.to.include("stickiness");
    }
  });

  it("matches a prefix and what is below it, and nothing that begins like it", async () => {
    const { inputs } = only(await createService({ path: "/api" }), ruleType, "platform-production");
    expect(inputs.conditions).to.deep.equal([{ pathPattern: { values: ["/api", "/api/*"] } }]);
  });
});
