import { expect } from "chai";
import type { RunService, TrafficTarget } from "../../../provider/cloudRun/runApi.ts";
import { candidateIn } from "../../../provider/cloudRun/traffic.ts";

function service(traffic: TrafficTarget[]): RunService {
  return {
    etag: "1",
    annotations: {},
    traffic,
    serving: traffic,
    latestCreated: "platform-00002",
    latestReady: "platform-00002",
    lastModifier: "",
    updatedAt: "2026-01-01T00:00:00Z",
    reconciling: false,
  };
}

describe("the candidate of a service on Cloud Run", () => {
  it("is the newest revision, whether the tag says so or nobody does", () => {
    const tagged = { revision: undefined, percent: 0, tag: "candidate" };
    expect(candidateIn(service([tagged]))).to.equal("platform-00002");
    expect(candidateIn(service([]))).to.equal("platform-00002");
  });

  it("is the revision that the tag names: one that is gone back to is not the newest", () => {
    const live = { revision: "platform-00002", percent: 100 };
    const tagged = { revision: "platform-00001", percent: 0, tag: "candidate" };
    expect(candidateIn(service([live, tagged]))).to.equal("platform-00001");
  });
});
