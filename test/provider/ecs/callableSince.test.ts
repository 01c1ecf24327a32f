import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { callableSince } from "../../../provider/ecs/callableSince.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { FakeEcs } from "./support/fakeEcs.ts";

/** An ECS whose services were deployed at these times, each with or without an endpoint. */
function deployed(services: Record<string, [at: number, endpoint: boolean][]>): FakeEcs {
  const ecs = new FakeEcs(new FakeClock());
  for (const [service, deployments] of Object.entries(services)) {
    const found = deployments.map(([at, endpoint], index): ServiceDeployment => {
      const arn = `${service}/${index}`;
      const endpoints = endpoint ? [{ portName: "http" }] : [];
      ecs.revisions.set(arn, {
        serviceConnectConfiguration: { enabled: true, services: endpoints },
      });
      return { createdAt: new Date(at), targetServiceRevision: { arn } };
    });
    ecs.others.set(service, found);
  }
  return ecs;
}

describe("callableSince", () => {
  const since = (services: Parameters<typeof deployed>[0]) =>
    callableSince(deployed(services), "main", Object.keys(services));

  it("is the first deployment with an endpoint, not the last", async () => {
    const times: [number, boolean][] = [
      [1, false],
      [2, true],
      [3, true],
    ];
    expect(await since({ insurance: times })).to.equal(2);
  });

  it("waits for the last of several", async () => {
    expect(await since({ insurance: [[5, true]], reports: [[7, true]] })).to.equal(7);
  });

  it("begins anew where an endpoint was taken away in between", async () => {
    const times: [number, boolean][] = [
      [1, true],
      [2, false],
      [3, true],
    ];
    expect(await since({ insurance: times })).to.equal(3);
  });

  it("is long ago where ECS tells of no deployment without one", async () => {
    const times = Array.from({ length: 30 }, (_, at): [number, boolean] => [at + 1, true]);
    expect(await since({ insurance: times })).to.equal(0);
  });

  it("asks nothing of services that have none", async () => {
    expect(await since({ insurance: [[4, false]] })).to.equal(0);
    expect(await since({})).to.equal(0);
  });
});
