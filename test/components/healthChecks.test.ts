import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { containerCheck, instanceProbes } from "../../components/healthChecks.ts";
import { defaultHealth } from "../../components/healthSpec.ts";

const dockerfile = readFileSync(join(import.meta.dirname, "../../platform/Dockerfile"), "utf8");

describe("the container check by default", () => {
  const check = containerCheck(defaultHealth);

  it("asks what the platform's Dockerfile asks", () => {
    const [, program] = /HEALTHCHECK [^]*?CMD python -c "(.*)"/.exec(dockerfile) ?? [];
    expect(check.command).to.deep.equal(["CMD", "python", "-c", program]);
  });

  it("has the Dockerfile's times", () => {
    const [, flags] = /HEALTHCHECK (.*) \\\n/.exec(dockerfile) ?? [];
    const { intervalSeconds, timeoutSeconds, startPeriodSeconds, retries } = check;
    expect(flags).to.equal(
      `--interval=${intervalSeconds}s --timeout=${timeoutSeconds}s --start-period=${startPeriodSeconds}s --retries=${retries}`,
    );
  });
});

describe("the container check of a service that brings its own", () => {
  it("is that, with the same times", () => {
    const command = ["CMD", "node", "check.mjs"];
    const check = containerCheck({ ...defaultHealth, command });
    expect(check).to.deep.equal({ ...containerCheck(defaultHealth), command });
  });
});

describe("instanceProbes", () => {
  it("gives a start as long as the container check does, and asks more often", () => {
    const { startup, liveness, readiness } = instanceProbes(defaultHealth, "/");
    expect(startup).to.deep.equal({ periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 19 });
    expect(liveness).to.deep.equal({ periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 3 });
    expect(readiness).to.deep.equal({
      periodSeconds: 5,
      timeoutSeconds: 2,
      successThreshold: 2,
      failureThreshold: 2,
    });
  });

  it("asks at least once in the time that a start may take", () => {
    const loadBalancer = {
      ...defaultHealth.loadBalancer,
      intervalSeconds: 120,
      timeoutSeconds: 100,
    };
    expect(instanceProbes({ ...defaultHealth, loadBalancer }, "/").startup).to.deep.equal({
      periodSeconds: 95,
      timeoutSeconds: 95,
      failureThreshold: 1,
    });
  });

  it("looks for health below the service's own path", () => {
    expect(instanceProbes(defaultHealth, "/reports").path).to.equal("/reports/health");
  });
});
