import { expect } from "chai";
import { runTraffic } from "../../../components/gcp/runTraffic.ts";

const type = (name: string) => `TRAFFIC_TARGET_ALLOCATION_TYPE_${name}`;
const live = { release: "r1", revision: "platform-00001-abc" };

describe("runTraffic", () => {
  it("leads everything to the first release, which has nobody to wait for", () => {
    expect(runTraffic({ release: "r1", live: undefined })).to.deep.equal({
      traffics: [{ type: type("LATEST"), percent: 100, tag: "candidate" }],
      ignored: false,
    });
  });

  it("leaves everything on what is live when another release comes", () => {
    expect(runTraffic({ release: "r2", live })).to.deep.equal({
      traffics: [
        { type: type("REVISION"), revision: live.revision, percent: 100 },
        { type: type("LATEST"), percent: 0, tag: "candidate" },
      ],
      ignored: false,
    });
  });

  it("is nobody's business while the release stays the same", () => {
    expect(runTraffic({ release: "r1", live }).ignored).to.equal(true);
  });

  it("has the revision for a candidate that the service is held at", () => {
    const pinned = "platform-00001-abc";
    const newer = { release: "r2", revision: "platform-00002-def" };
    expect(runTraffic({ release: "r1", pinned, live: newer })).to.deep.equal({
      traffics: [
        { type: type("REVISION"), revision: newer.revision, percent: 100 },
        { type: type("REVISION"), revision: pinned, percent: 0, tag: "candidate" },
      ],
      ignored: false,
    });
  });
});
