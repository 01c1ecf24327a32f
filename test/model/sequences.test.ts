import { expect } from "chai";
import { failureOf } from "../provider/support/failureOf.ts";
import { playOnEmulator } from "./onTheEmulator.ts";

describe("a promotion, after any sequence of deploys, kills, cancels, roll-backs and hands", function () {
  this.timeout(180_000);
  // Always the same ones here; `npm run model` plays others each time.
  const seed = 4;

  it("has proven all that serves, and ends where a good release deploys", async () => {
    await playOnEmulator({ runs: 500, seed });
  });

  it("is seen to be wrong when a pause that nobody answers continues", async () => {
    const sabotage = { pauseTimeoutContinues: true };
    const failure = await failureOf(playOnEmulator({ runs: 100, seed, sabotage }));
    expect(failure).to.match(/^a sequence failed: .*kill at/);
    expect(failure).to.contain("has production traffic, and has not passed its gate");
  });

  it("is seen to be wrong when a roll-back does nothing", async () => {
    const sabotage = { revertDoesNothing: true };
    const failure = await failureOf(playOnEmulator({ runs: 100, seed, sabotage }));
    expect(failure).to.match(/the releases with tasks should be|what serves should be/);
    expect(failure).to.match(/again: npm run model -- --emulator --seed 4 --path \d/);
  });
});
