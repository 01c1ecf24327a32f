import { expect } from "chai";
import { diffInputs } from "../../provider/diffInputs.ts";
import { type Properties, unknown } from "../../provider/properties.ts";
import { liveAs, promotionInputs, taskDefinitionOf } from "./support/promotionInputs.ts";

describe("diffInputs", () => {
  const live = liveAs("aaaa");
  const plain = (release: string): Properties =>
    JSON.parse(JSON.stringify(promotionInputs(release)));

  function diff(
    change: (news: Properties) => Properties,
    seen: typeof live | undefined = live,
    drift: string[] = [],
  ) {
    const { changes, deploys } = diffInputs(plain("aaaa"), change(plain("aaaa")), {
      live: seen,
      drift,
    });
    return { changes: Object.fromEntries(changes), deploys };
  }
  const within = (name: string, change: Properties) => (news: Properties) => ({
    ...news,
    [name]: { ...(news[name] as Properties), ...change },
  });

  const threeAlarms = [
    ...promotionInputs("aaaa").bake.alarms.map((alarm) => ({ ...alarm })),
    { name: "late", watches: "group-a" },
  ];

  it("finds nothing in equal inputs", () => {
    expect(diff((news) => news)).to.deep.equal({ changes: {}, deploys: false });
  });

  it("deploys another release", () => {
    expect(diff(() => plain("bbbb"))).to.deep.equal({
      changes: {
        release: "update",
        "deployment.taskDefinition": "update",
        "deployment.image": "update",
      },
      deploys: true,
    });
  });

  it("deploys another configuration of the same release", () => {
    expect(diff(within("deployment", { configuration: "network-2" }))).to.deep.equal({
      changes: { "deployment.configuration": "update" },
      deploys: true,
    });
  });

  it("deploys again for a service that it calls and that is another one now", () => {
    const calling = (arn: string) => within("deployment", { calls: [arn] })(plain("aaaa"));
    const { changes, deploys } = diffInputs(calling("arn-1"), calling("arn-2"), {
      live,
      drift: [],
    });
    expect([...changes]).to.deep.equal([["deployment.calls[0]", "update"]]);
    expect(deploys).to.equal(true);
  });

  it("expects a task definition that is not known yet to be another", () => {
    expect(diff(within("deployment", { taskDefinition: unknown }))).to.deep.equal({
      changes: { "deployment.taskDefinition": "update" },
      deploys: true,
    });
  });

  it("expects the same of a deployment that is not known at all", () => {
    expect(diff((news) => ({ ...news, deployment: unknown }))).to.deep.equal({
      changes: { deployment: "update" },
      deploys: true,
    });
  });

  for (const [what, change, path, kind] of [
    [
      "the gate's numbers",
      within("gate", { consecutivePasses: 5 }),
      "gate.consecutivePasses",
      "update",
    ],
    ["an alarm more", within("bake", { alarms: threeAlarms }), "bake.alarms[2].name", "add"],
    ["no alarm", within("bake", { alarms: [] }), "bake.alarms", "add"],
    [
      "the way to the cloud",
      within("deployment", { connection: { region: "eu-central-1", profile: "x" } }),
      "deployment.connection.profile",
      "add",
    ],
  ] as const) {
    it(`updates without a deployment: ${what}`, () => {
      const { changes, deploys } = diff(change);
      expect(changes).to.include({ [path]: kind });
      expect(deploys).to.equal(false);
    });
  }

  for (const name of ["cluster", "ecsService"]) {
    it(`replaces for another ${name}`, () => {
      expect(diff(within("deployment", { [name]: "other" })).changes).to.deep.equal({
        [`deployment.${name}`]: "replace",
      });
    });
  }

  it("sees what somebody else has made live", () => {
    const drifted = { ...live, release: "bbbb", revision: taskDefinitionOf("bbbb") };
    expect(diff((news) => news, drifted)).to.deep.equal({
      changes: { "live.release": "update", "live.revision": "update" },
      deploys: true,
    });
  });

  it("does not believe that a configuration is live because it was tried", () => {
    const found = diff((news) => news, { ...live, configuration: "network-0" });
    expect(found).to.deep.equal({ changes: { "live.configuration": "update" }, deploys: true });
  });

  it("shows what was changed by hand", () => {
    const found = diff((news) => news, live, ["weights 50/50"]);
    expect(found).to.deep.equal({ changes: { drift: "update" }, deploys: true });
  });

  it("does not care since when", () => {
    expect(diff((news) => news, { ...live, since: "2029-01-01" }).deploys).to.equal(false);
  });
});
