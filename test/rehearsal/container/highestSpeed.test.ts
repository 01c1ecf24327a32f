import { expect } from "chai";
import { assertSpeed, highestSpeed } from "../../../rehearsal/container/highestSpeed.ts";
import { measureHealthCheck } from "../../../rehearsal/container/measureHealthCheck.ts";
import { Workshop } from "./workshop.ts";

describe("highestSpeed", () => {
  it("leaves a tenth of the scaled interval to the check", () => {
    expect(highestSpeed({ costSeconds: 0.1, intervalSeconds: 30 })).to.equal(30);
    expect(highestSpeed({ costSeconds: 0.35, intervalSeconds: 30 })).to.equal(8);
    expect(highestSpeed({ costSeconds: 4, intervalSeconds: 30 })).to.equal(0);
  });

  it("is named in the error", () => {
    const cost = { costSeconds: 0.35, intervalSeconds: 30 };
    expect(() => assertSpeed(8, cost)).to.not.throw();
    expect(() => assertSpeed(9, cost)).to.throw("The highest speed that works is --speed 8.");
    expect(() => assertSpeed(1, { costSeconds: 4, intervalSeconds: 30 })).to.throw(
      "No speed works",
    );
  });
});

describe("measureHealthCheck", function () {
  this.timeout(60_000);

  it("counts what the check's own processes cost, and not what they wait", async () => {
    const shop = await Workshop.open();
    try {
      const image = await shop.build("FROM python:3\nHEALTHCHECK NONE\n");
      const cost = (command: string) =>
        measureHealthCheck(image, {
          processes: shop.processes,
          runs: 2,
          healthCheck: {
            test: ["CMD-SHELL", command],
            intervalSeconds: 30,
            timeoutSeconds: 5,
            startPeriodSeconds: 0,
            retries: 3,
          },
        });
      const burn = `python -c "import time\nwhile time.process_time() < 0.5: pass"; exit 1`;
      // The system counts in ticks, so it may see a little less.
      expect(await cost(burn)).to.be.within(0.45, 2);
      expect(await cost("sleep 0.5")).to.be.lessThan(0.25);
      expect(await measureHealthCheck(image, { processes: shop.processes })).to.equal(0);
    } finally {
      await shop.close();
    }
  });
});
