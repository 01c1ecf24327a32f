import { expect } from "chai";
import type { CloudEvent, ReleaseMoment } from "../../../rehearsal/cloud/journal.ts";
import { Narrator } from "../../../rehearsal/stage/narrator.ts";

const groupA = "platform-a-0123456";
const groupB = "platform-b-0123456";
const of = { deployment: "d", service: "platform", release: "new" };

function tellAll(events: CloudEvent[], narrator = new Narrator()): (string | undefined)[] {
  return events.map((event) => narrator.tell({ ...event, at: 0, realAt: 0 }));
}

function deployment(status: string, stage: string, from: string | null = "old"): CloudEvent {
  return { kind: "deployment", ...of, from, status, stage };
}

function production(a: number, b: number): CloudEvent {
  return {
    kind: "weights",
    rule: "r",
    traffic: "production",
    weights: { [groupA]: a, [groupB]: b },
  };
}

describe("the narrator", () => {
  it("tells the way of a release in words", () => {
    const told = tellAll([
      production(100, 0),
      deployment("PENDING", ""),
      deployment("IN_PROGRESS", ""),
      deployment("IN_PROGRESS", "PRE_SCALE_UP"),
      deployment("IN_PROGRESS", "SCALE_UP"),
      deployment("IN_PROGRESS", "POST_TEST_TRAFFIC_SHIFT"),
      {
        kind: "verdict",
        ...of,
        stage: "POST_TEST_TRAFFIC_SHIFT",
        action: "CONTINUE",
        by: "api",
      },
      production(0, 100),
      deployment("IN_PROGRESS", "POST_PRODUCTION_TRAFFIC_SHIFT"),
      deployment("SUCCESSFUL", "CLEAN_UP"),
    ]);
    expect(told.filter((text) => text !== undefined)).to.deep.equal([
      `production traffic: all to ${groupA}`,
      "new: starting its tasks",
      "new: at the gate, without production traffic",
      "gate open: new may go on",
      "production traffic: live 0 %, candidate 100 %",
      "new: baking, with all production traffic",
      "deployment of new: successful",
    ]);
  });

  it("tells the way of a release on Cloud Run, and of no other tag than the candidate's", () => {
    const service = "symphainy-cloudrun-platform";
    const rule = `projects/p/locations/l/services/${service}`;
    const leads = (weights: Record<string, number>, tag?: string): CloudEvent => ({
      kind: "weights",
      rule: tag ? `${rule}/tags/${tag}` : rule,
      service,
      traffic: tag ? "test" : "production",
      weights,
    });
    const comes = (moment: ReleaseMoment, after: ReleaseMoment | null): CloudEvent => ({
      kind: "release",
      service,
      revision: "p-2",
      release: "new",
      from: "old",
      moment,
      after,
    });
    const told = tellAll([
      leads({ "p-1": 100 }),
      comes("begun", null),
      leads({ "p-2": 100 }, "candidate"),
      comes("gate", "begun"),
      leads({ "p-2": 100 }),
      leads({ "p-1": 100 }, "live"),
      comes("bake", "gate"),
      comes("undone", "bake"),
    ]);
    expect(told.filter((text) => text !== undefined)).to.deep.equal([
      "production traffic: all to p-1",
      "new: starting its instances",
      "test traffic: live 0 %, candidate 100 %",
      "new: at the gate, without production traffic",
      "production traffic: live 0 %, candidate 100 %",
      "gate open: new: baking, with all production traffic",
      "new: undone",
    ]);
  });

  it("calls the pauses after the gate steps, in each deployment anew", () => {
    const stage = "PRE_PRODUCTION_TRAFFIC_SHIFT";
    const pause = { kind: "verdict", ...of, stage, by: "api" } as const;
    const told = tellAll([
      deployment("PENDING", ""),
      { ...pause, action: "CONTINUE" },
      { ...pause, action: "CONTINUE" },
      { ...pause, action: "ROLLBACK" },
      deployment("PENDING", ""),
      { ...pause, action: "ROLLBACK", by: "timeout" },
    ]);
    expect(told.filter((text) => text !== undefined)).to.deep.equal([
      "gate open: new may go on",
      "step passed: new may go on",
      "step: new is refused, roll-back",
      "gate: new is refused, roll-back (nobody answered in time)",
    ]);
  });

  it("names an image by its repository and the beginning of its digest", () => {
    const image = `1.dkr.ecr.eu-central-1.amazonaws.com/stack/app@sha256:${"0123456789ab".padEnd(64, "c")}`;
    expect(tellAll([{ kind: "image", image }])).to.deep.equal([
      "image stack/app 0123456789ab pushed",
    ]);
  });

  it("knows live and candidate whichever group is primary, and in percent", () => {
    const narrator = new Narrator();
    tellAll([production(0, 100), deployment("PENDING", ""), production(1, 3)], narrator);
    expect(narrator.share).to.equal("live/candidate 75/25 %");
  });

  it("takes no other service's groups for those of the release", () => {
    const others: CloudEvent = {
      kind: "weights",
      rule: "r2",
      traffic: "production",
      weights: { "insurance-a-0123456": 100, "insurance-b-0123456": 0 },
    };
    const told = tellAll([production(0, 100), others, deployment("PENDING", ""), production(1, 3)]);
    expect(told.at(-1)).to.equal("production traffic: live 75 %, candidate 25 %");
  });

  it("knows no candidate beside something live at the first deployment", () => {
    const narrator = new Narrator();
    const told = tellAll(
      [production(100, 0), deployment("PENDING", "", null), production(0, 100)],
      narrator,
    );
    expect(told.at(-1)).to.equal(`production traffic: all to ${groupB}`);
    expect(narrator.share).to.equal("");
  });

  it("tells of alarms that fire, and of none that is quiet", () => {
    const alarm = (state: "OK" | "ALARM"): CloudEvent => ({
      kind: "alarm",
      alarm: "errors",
      state,
      reason: "too many",
    });
    expect(tellAll([alarm("OK"), alarm("ALARM")])).to.deep.equal([
      undefined,
      "alarm errors: too many",
    ]);
  });

  it("says of an unanswered pause that nobody answered it", () => {
    const [text] = tellAll([
      {
        kind: "verdict",
        ...of,
        stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
        action: "ROLLBACK",
        by: "timeout",
      },
    ]);
    expect(text).to.equal("bake: new is refused, roll-back (nobody answered in time)");
  });

  it("tells shares when somebody divides the traffic at rest", () => {
    expect(tellAll([production(90, 10)])).to.deep.equal([
      `production traffic: 90 % to ${groupA}, 10 % to ${groupB}`,
    ]);
    expect(tellAll([production(0, 100)])).to.deep.equal([`production traffic: all to ${groupB}`]);
  });

  it("tells what interferes, and how far a rolling deployment has come", () => {
    const rolling = { kind: "rolling", ...of, healthy: 1, desired: 2, old: 2 } as const;
    expect(tellAll([{ kind: "fault", what: "the API is gone" }, rolling])).to.deep.equal([
      "the API is gone",
      "new: 1 of 2 tasks healthy, 2 of other releases",
    ]);
  });
});
