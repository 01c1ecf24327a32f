import { playOnEmulator } from "./onTheEmulator.ts";

describe("a promotion, after any sequence of deploys, kills, cancels, roll-backs and hands", () => {
  it("has proven all that serves, and ends where a good release deploys", async function () {
    this.timeout(180_000);
    // Always the same ones here; `npm run model` plays others each time.
    await playOnEmulator({ runs: 500, seed: 4 });
  });
});
