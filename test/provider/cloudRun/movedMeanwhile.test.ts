import { expect } from "chai";
import { allTo } from "../../../provider/cloudRun/traffic.ts";
import { failureOf } from "../support/failureOf.ts";
import { RunTrial } from "./support/runTrial.ts";

describe("promote, on Cloud Run, while somebody moves the traffic", () => {
  let trial: RunTrial;

  beforeEach(() => {
    trial = new RunTrial();
  });

  it("fails by the name of whoever moves the traffic meanwhile", async () => {
    const old = trial.settled();
    trial.run.deploy("bbbb", allTo(old));
    trial.run.onPatch = ({ traffic }) => {
      if (traffic?.[0]?.revision !== "platform-00002-abc") return;
      const half = [
        { revision: old, percent: 50 },
        { revision: "platform-00002-abc", percent: 50 },
      ];
      void trial.clock.sleep(30).then(() => trial.run.byHand({ traffic: half }));
    };
    expect(await failureOf(trial.promoted())).to.match(
      /deployment: the traffic of platform was changed meanwhile, the service last changed by bob@acme.test at .*: is platform-00001-abc 50 %, platform-00002-abc 50 %, should be platform-00002-abc 100 %; live: release aaaa/,
    );
  });

  it("leaves alone what somebody has led the traffic to meanwhile", async () => {
    const old = trial.settled();
    trial.run.deploy("bbbb", allTo(old));
    const mended = [{ revision: "platform-00000-fix", percent: 100 }];
    trial.run.onPatch = ({ traffic }) => {
      if (traffic?.[0]?.revision !== "platform-00002-abc") return;
      void trial.clock.sleep(30).then(() => trial.run.byHand({ traffic: mended }));
    };
    expect(await failureOf(trial.promoted())).to.contain("platform-00000-fix 100 %");
    expect(trial.run.service?.traffic).to.deep.equal(mended);
  });
});
