import { expect } from "chai";
import {
  cloudRunCosts,
  fewestInstances,
  type RunInstance,
} from "../../../tools/costs/cloudRunCosts.ts";
import { cloudRunSize, onCloudRun } from "../../../tools/costs/cloudRunPlan.ts";
import { total } from "../../../tools/costs/costLine.ts";
import { plan } from "./support/plan.ts";
import { runPlan } from "./support/runPlan.ts";

const kept: RunInstance = { cpu: 1024, memory: 512, kept: true };
const another: RunInstance = { ...kept, kept: false };
const month = 730 * 3600;

const cost = (instances: readonly RunInstance[], busy: number, cpuAlwaysAllocated = false) =>
  total(cloudRunCosts({ region: "europe-west1", cpuAlwaysAllocated }, instances, busy));

describe("the costs of Cloud Run by requests", () => {
  it("are the idle price of what is kept, and nothing of what isn't", () => {
    expect(cost([kept], 0)).to.be.closeTo(1.5 * 0.0000025 * month, 1e-9);
    expect(cost([another], 0)).to.equal(0);
    expect(cost([kept, another], 0)).to.equal(cost([kept], 0));
  });

  it("are the same for both while there are requests all the time", () => {
    expect(cost([kept], 1)).to.be.closeTo(cost([another], 1), 1e-9);
  });

  it("count requests of 100 ms that come one after the other", () => {
    const requests = cloudRunCosts(runPlan(), [kept, another], 0.5).at(-1);
    expect(requests).to.deep.include({ what: "requests", unit: "million", price: 0.4 });
    expect(requests?.amount).to.be.closeTo(26.28, 1e-9);
    const seconds = 0.000024 + 0.5 * 0.0000025;
    expect(cost([another], 0.5)).to.be.closeTo(0.5 * month * seconds + 13.14 * 0.4, 1e-9);
  });

  it("rise evenly between idle and busy", () => {
    for (const instance of [kept, another]) {
      const middle = (cost([instance], 0) + cost([instance], 1)) / 2;
      expect(cost([instance], 0.5)).to.be.closeTo(middle, 1e-9);
    }
  });
});

describe("the costs of Cloud Run with CPU always", () => {
  it("are those of 1 vCPU and 1 GiB for a month: 52.56, however busy", () => {
    const instance = { cpu: 1024, memory: 1024, kept: true };
    for (const busy of [0, 0.3, 1]) {
      expect(cost([instance], busy, true)).to.be.closeTo(52.56, 1e-9);
    }
  });

  it("know no price of a request, and go by the time for which an instance is there", () => {
    expect(cost([another], 0, true)).to.equal(0);
    expect(cost([another], 0.5, true)).to.be.closeTo(cost([kept], 1, true) / 2, 1e-9);
    const lines = cloudRunCosts(runPlan({ cpuAlwaysAllocated: true }), [kept], 1);
    expect(lines.map(({ unit }) => unit)).to.deep.equal(["vCPU", "GiB"]);
  });
});

describe("the instances of a stack on Cloud Run", () => {
  it("are those that are kept, or one that isn't", () => {
    const service = { name: "a", cpu: 1024, memory: 512, tasks: { min: 2, max: 4 } };
    const services = [service, { ...service, name: "b", tasks: { min: 0, max: 4 } }];
    expect(fewestInstances({ services }).map((it) => it.kept)).to.deep.equal([true, true, false]);
  });

  for (const [cpu, memory, size] of [
    [256, 512, { cpu: 1024, memory: 512 }],
    [512, 64, { cpu: 1024, memory: 128 }],
    [1024, 5000, { cpu: 2048, memory: 5000 }],
    [3000, 512, { cpu: 4096, memory: 2048 }],
    [16_384, 512, undefined],
    [1024, 40_000, undefined],
  ] as const) {
    it(`have the smallest size with a whole CPU for ${cpu} CPU units and ${memory} MiB`, () => {
      expect(cloudRunSize({ cpu, memory })).to.deep.equal(size);
    });
  }

  it("take the place of the tasks of a stack on ECS, in a region near by", () => {
    const run = onCloudRun(plan());
    expect(run).to.deep.include({ region: "europe-west1", cpuAlwaysAllocated: false });
    expect(run?.services).to.deep.equal([
      { name: "platform", cpu: 1024, memory: 512, tasks: { min: 2, max: 6 } },
    ]);
    const services = [{ name: "big", cpu: 16_384, memory: 512, tasks: { min: 1, max: 1 } }];
    expect(onCloudRun(plan({ services }))).to.equal(undefined);
    expect(onCloudRun(plan({ region: "eu-west-1" }))).to.equal(undefined);
  });
});
