import { expect } from "chai";
import { HealthMonitor } from "../../components/healthMonitor.ts";
import { defaultHealth } from "../../components/healthSpec.ts";
import { record } from "../support/mocks.ts";

async function monitor(path = "/", thresholdPercent = 80) {
  const health = { ...defaultHealth, thresholdPercent };
  return (await record(() => new HealthMonitor("platform", { health, path }))).result;
}

describe("HealthMonitor", () => {
  it("derives every check from the one contract", async () => {
    const { container, target, publicPath, startAllowanceSeconds } = await monitor();
    expect(container).to.deep.include({
      intervalSeconds: 30,
      timeoutSeconds: 10,
      startPeriodSeconds: 5,
      retries: 3,
    });
    expect(target).to.deep.equal({
      path: "/health",
      intervalSeconds: 5,
      timeoutSeconds: 2,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    });
    expect(publicPath).to.equal("/health");
    expect(startAllowanceSeconds).to.equal(5 + 3 * 30);
  });

  it("asks the container for the threshold of the settings", async () => {
    const { container } = await monitor("/", 95);
    expect(container.command.at(-1)).to.include("health['health_percentage'] >= 95 else 1");
  });

  it("looks for health below the service's own path", async () => {
    const { target, publicPath } = await monitor("/reports");
    expect([target.path, publicPath]).to.deep.equal(["/reports/health", "/reports/health"]);
  });
});
