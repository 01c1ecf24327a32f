import { expect } from "chai";
import { revisionName } from "../../../rehearsal/cloud/run/revisionNames.ts";
import { routesOf, statusesOf } from "../../../rehearsal/cloud/run/routes.ts";
import { sameTemplate } from "../../../rehearsal/cloud/run/sameTemplate.ts";
import {
  NeedOverTime,
  neededInstances,
  shareOfService,
} from "../../../rehearsal/cloud/run/scaling.ts";
import { masked } from "../../../rehearsal/cloud/run/updateMask.ts";
import { pinned, toLatest } from "./support/world.ts";

describe("decisions of the emulated Cloud Run", () => {
  it("aims at 60 % of the concurrency", () => {
    expect(neededInstances(0, 80)).to.equal(0);
    expect(neededInstances(48, 80)).to.equal(1);
    expect(neededInstances(49, 80)).to.equal(2);
    expect(neededInstances(3, 1)).to.equal(3);
  });

  it("shares a service's instances by traffic, and rounds up", () => {
    expect(shareOfService(4, 75)).to.equal(3);
    expect(shareOfService(1, 5)).to.equal(1);
    expect(shareOfService(4, 0)).to.equal(0);
  });

  it("keeps for a while what was needed once", () => {
    const need = new NeedOverTime(10);
    need.note(3, 0);
    need.note(1, 4000);
    need.note(2, 6000);
    expect(need.most(9999)).to.equal(3);
    expect(need.fallsAt()).to.equal(10_000);
    expect(need.most(10_000)).to.equal(2);
    need.note(0, 11_000);
    expect(need.most(16_000)).to.equal(0);
    expect(need.fallsAt()).to.equal(undefined);
  });

  it("leads the latest traffic to the latest ready revision, and nowhere before there is one", () => {
    const { percents, tags } = routesOf(pinned("one"), "two");
    expect([...percents]).to.deep.equal([
      ["one", 100],
      ["two", 0],
    ]);
    expect([...tags]).to.deep.equal([["candidate", "two"]]);
    const none = routesOf([toLatest], undefined);
    expect([none.percents.size, none.tags.size]).to.deep.equal([0, 0]);
    expect(statusesOf(none, () => "http://here")).to.deep.equal([toLatest]);
    expect([...routesOf([], "two").percents]).to.deep.equal([["two", 100]]);
  });

  it("tells an unchanged template by what it asks for, not by how it is written", () => {
    const one = { labels: { a: "1", b: "2" }, scaling: { minInstanceCount: 0 }, timeout: "300s" };
    expect(sameTemplate(one, { timeout: "300s", labels: { b: "2", a: "1" } })).to.equal(true);
    expect(sameTemplate(one, { ...one, labels: { a: "1" } })).to.equal(false);
    const env = [{ name: "A" }, { name: "B" }];
    const other = { containers: [{ env: env.toReversed() }] };
    expect(sameTemplate({ containers: [{ env }] }, other)).to.equal(false);
  });

  it("changes only what a mask names, and refuses to guess", () => {
    const present = { labels: { a: "1" }, annotations: { b: "2" } };
    const request = { labels: {}, annotations: { c: "3" } };
    expect(masked(present, request, undefined)).to.equal(request);
    expect(masked(present, request, "annotations")).to.deep.equal({
      labels: { a: "1" },
      annotations: { c: "3" },
    });
    expect(masked({ clientVersion: "1" }, {}, "client_version").clientVersion).to.equal(undefined);
    expect(() => masked(present, request, "annotations.c")).to.throw(
      /'annotations\.c' is not rehearsed/,
    );
  });

  it("makes up the same names for the same seed", () => {
    expect(revisionName("app", 12, 1)).to.match(/^app-00012-[a-z0-9]{3}$/);
    expect(revisionName("app", 12, 1)).to.equal(revisionName("app", 12, 1));
    expect(revisionName("app", 12, 1, 2)).not.to.equal(revisionName("app", 12, 1));
    expect(revisionName("app", 12, 2)).not.to.equal(revisionName("app", 12, 1));
  });
});
