import { expect } from "chai";
import { restoreNotes } from "../../../provider/cloudRun/keepNotes.ts";
import { serviceName } from "./support/fakeRun.ts";
import { RunTrial } from "./support/runTrial.ts";

describe("keepNotes", () => {
  const hold = { "symphainy.dev/hold": "carol since 2030-01-01T00:00:00.000Z" };
  const later = { "symphainy.dev/hold": "dave since 2030-01-01T00:05:00.000Z" };
  const stale = {
    "symphainy.dev/runner": "ada since X until Y run Z",
    "symphainy.dev/promotion": "release bbbb revision R from L since X",
  };
  const foreign = { "run.googleapis.com/client-name": "gcloud" };
  let trial: RunTrial;

  beforeEach(() => {
    trial = new RunTrial();
    trial.settled();
  });

  /** What is there after an update that has found `before`, sent `sent`, and left `now`. */
  async function restored(
    before: Record<string, string>,
    sent: Record<string, string>,
    now = sent,
  ): Promise<Record<string, string>> {
    const { run: api, clock } = trial;
    api.byHand({ annotations: now });
    await restoreNotes({ service: serviceName, before, sent }, api, clock);
    return api.annotations;
  }

  it("brings a hold back that the update did not know of", async () => {
    expect(await restored(hold, {})).to.deep.equal(hold);
    expect(await restored(hold, foreign)).to.deep.equal({ ...foreign, ...hold });
  });

  it("takes away what was over before the update brought it back", async () => {
    expect(await restored({}, { ...stale, ...hold })).to.deep.equal({});
    expect(await restored(hold, { ...foreign, ...stale })).to.deep.equal({ ...foreign, ...hold });
  });

  it("leaves what has been said since", async () => {
    expect(await restored({}, hold, later)).to.deep.equal(later);
    expect(await restored(hold, {}, later)).to.deep.equal(later);
    expect(await restored({}, {}, later)).to.deep.equal(later);
  });

  it("leaves annotations of others to whoever declares them", async () => {
    expect(await restored(foreign, {})).to.deep.equal({});
  });

  it("asks nobody where the update has changed nothing", async () => {
    trial.run.faults = [new Error("not to be asked")];
    await restored({ ...hold, ...foreign }, hold);
    expect(trial.run.faults).to.have.length(1);
  });

  it("has nothing to do for a service that is gone", async () => {
    trial.run.service = undefined;
    const args = { service: serviceName, before: hold, sent: {} };
    await restoreNotes(args, trial.run, trial.clock);
  });
});
