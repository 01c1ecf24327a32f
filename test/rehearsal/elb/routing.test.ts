import { expect } from "chai";
import { chooseGroup, compileRoutes } from "../../../rehearsal/cloud/elb/proxy/routing.ts";
import type { ProxyCondition, ProxyRule } from "../../../rehearsal/cloud/elb/wire.ts";
import { seededRandom } from "../../../rehearsal/seededRandom.ts";

function rule(arn: string, ...conditions: ProxyCondition[]): ProxyRule {
  return { arn, traffic: "production", conditions, action: { type: "forward", groups: [] } };
}

describe("rules", () => {
  function matches(
    condition: ProxyCondition,
    { url = "/", headers = {} }: { url?: string; headers?: Record<string, string[]> } = {},
  ): boolean | undefined {
    const listener = { arn: "l", port: 80, rules: [rule("r", condition)] };
    return compileRoutes(listener)[0]?.matches({ url, headersDistinct: headers });
  }

  it("match paths with their case, without the query", () => {
    const path: ProxyCondition = { field: "path-pattern", values: ["/api/*", "/v?.txt"] };
    expect(matches(path, { url: "/api/x?y" })).to.equal(true);
    expect(matches(path, { url: "/v1.txt" })).to.equal(true);
    expect(matches(path, { url: "/v1xtxt" })).to.equal(false);
    expect(matches(path, { url: "/API/x" })).to.equal(false);
    expect(matches(path, { url: "/x?/api/" })).to.equal(false);
  });

  it("match hosts without case and port", () => {
    const host: ProxyCondition = { field: "host-header", values: ["*.example.com"] };
    expect(matches(host, { headers: { host: ["A.Example.com:8080"] } })).to.equal(true);
    expect(matches(host, { headers: { host: ["example.com"] } })).to.equal(false);
    expect(matches(host)).to.equal(false);
  });

  it("match any value of a repeated header, without case", () => {
    const header: ProxyCondition = { field: "http-header", header: "X-Test", values: ["secret"] };
    expect(matches(header, { headers: { "x-test": ["no", "SECRET"] } })).to.equal(true);
    expect(matches(header, { headers: { "x-test": ["secret2"] } })).to.equal(false);
  });

  it("need every condition, and the first that matches wins", () => {
    const routes = compileRoutes({
      arn: "l",
      port: 80,
      rules: [
        rule(
          "both",
          { field: "path-pattern", values: ["/*"] },
          { field: "http-header", header: "x", values: ["1"] },
        ),
        rule("path", { field: "path-pattern", values: ["/*"] }),
        rule("default"),
      ],
    });
    const first = (url: string, headersDistinct: Record<string, string[]>) =>
      routes.find((route) => route.matches({ url, headersDistinct }))?.rule;
    expect(first("/a", { x: ["1"] })).to.equal("both");
    expect(first("/a", {})).to.equal("path");
    expect(first("*", {})).to.equal("default");
  });
});

describe("chooseGroup", () => {
  const groups = [
    { arn: "none", weight: 0 },
    { arn: "one", weight: 1 },
    { arn: "three", weight: 3 },
    { arn: "last", weight: 0 },
  ];

  it("draws by weight, and never a group of weight 0", () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 4000 }, () => chooseGroup(groups, random));
    expect(new Set(drawn)).to.eql(new Set(["one", "three"]));
    expect(drawn.filter((arn) => arn === "one").length).to.be.within(900, 1100);
  });

  it("holds at the ends of the range", () => {
    expect(chooseGroup(groups, () => 0)).to.equal("one");
    expect(chooseGroup(groups, () => 1 - 2 ** -53)).to.equal("three");
  });

  it("draws none when all weights are 0", () => {
    expect(chooseGroup([{ arn: "a", weight: 0 }], () => 0)).to.equal(null);
  });

  it("draws the same for the same seed", () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 100 }, () => chooseGroup(groups, random));
    };
    expect(draw(5)).to.eql(draw(5));
    expect(draw(5)).not.to.eql(draw(6));
  });
});
