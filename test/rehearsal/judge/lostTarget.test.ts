import { expect } from "chai";
import type { CloudEvent } from "../../../rehearsal/cloud/journal.ts";
import { judged, live, load, quietLoad, recorded, response, scenes } from "./support/scenes.ts";

const lost: CloudEvent = { kind: "instance", instance: "i-1", status: "terminated" };
const stopped: CloudEvent = {
  kind: "task",
  task: "t-1",
  service: "platform",
  release: live,
  status: "STOPPED",
  reason: "Host EC2 (instance i-1) terminated",
};

/** A lost instance, and ten requests within the bound's 2.33 s; one more comes later. */
function facts(failed: number, events: CloudEvent[] = [lost, stopped]) {
  const seen = recorded(events);
  const at = seen[0]?.realAt ?? 0;
  const { responses } = quietLoad();
  const before = responses.filter((it) => it.at < at);
  const within = Array.from({ length: 10 }, (_, index) => response(at + index * 100, live));
  const report = load([...before, ...within, response(at + 3000, live)], {
    failed,
    failures: [{ at, kind: "fresh", status: 503, release: null, message: "fresh request: 503" }],
  });
  return scenes.unchanged({ events: seen, load: report });
}

describe("a lost instance", () => {
  const story = { mayLose: "instance" as const };

  it("may cost its targets' share until the load balancer has noticed", () => {
    expect(judged("unchanged", facts(5), story).broken).to.deep.equal([]);
    expect(judged("unchanged", facts(6), story).broken[0]).to.match(
      /^no request lost: 6 of \d+ requests failed, e\.g\. fresh request: 503; 5 are a lost target's share$/,
    );
  });

  it("may cost all of them when all targets were on it", () => {
    const both = [lost, stopped, { ...stopped, task: "t-2" }];
    expect(judged("unchanged", facts(10, both), story).broken).to.deep.equal([]);
  });

  it("may cost nothing in a story in which none is to be lost", () => {
    expect(judged("unchanged", facts(1)).broken).to.have.length(1);
  });

  it("excuses nothing that failed without one", () => {
    expect(judged("unchanged", facts(1, []), story).broken).to.have.length(1);
  });
});
