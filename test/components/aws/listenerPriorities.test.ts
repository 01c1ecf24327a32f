import { expect } from "chai";
import { listenerPriorities } from "../../../components/aws/listenerPriorities.ts";

/** Enough paths of one length for places to collide: there are 195. */
const crowd = Array.from({ length: 150 }, (_, index) => `/s${String(index).padStart(3, "0")}`);

describe("listenerPriorities", () => {
  it("puts longer paths first, and every test rule before every production rule", () => {
    const places = [...listenerPriorities(["/", "/api/v2", "/api"]).entries()];
    const order = (kind: "test" | "production") =>
      places.toSorted(([, a], [, b]) => a[kind] - b[kind]).map(([path]) => path);
    expect(order("test")).to.deep.equal(["/api/v2", "/api", "/"]);
    expect(order("production")).to.deep.equal(["/api/v2", "/api", "/"]);
    const lastTest = Math.max(...places.map(([, { test }]) => test));
    expect(places.every(([, { production }]) => production > lastTest)).to.equal(true);
  });

  it("moves no rule when a service comes or goes", () => {
    const few = listenerPriorities(["/", "/api"]);
    const more = listenerPriorities(["/", "/api", "/api/v2", "/reports"]);
    for (const [path, places] of few) expect(more.get(path)).to.deep.equal(places);
  });

  it("gives no place twice", () => {
    const all = [...listenerPriorities(crowd).values()].flatMap((one) => [
      one.test,
      one.production,
    ]);
    expect(new Set(all).size).to.equal(all.length);
  });

  it("stays within what a listener takes, from the shortest path to the longest", () => {
    const places = listenerPriorities(["/", `/${"x".repeat(125)}`, ...crowd]);
    const all = [...places.values()].flatMap(({ test, production }) => [test, production]);
    expect(Math.min(...all)).to.be.at.least(1);
    expect(Math.max(...all)).to.be.at.most(50_000);
  });

  it("refuses what a rule can't hold", () => {
    expect(() => listenerPriorities([`/${"x".repeat(126)}`])).to.throw("takes 126 at most");
    expect(() => listenerPriorities(["/api", "/api"])).to.throw(
      'two services have the path "/api"',
    );
  });
});
