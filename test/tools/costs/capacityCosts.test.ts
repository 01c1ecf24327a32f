import { expect } from "chai";
import { monthly, total } from "../../../tools/costs/costLine.ts";
import { ec2Costs, instancesOf, keptInstances } from "../../../tools/costs/ec2Costs.ts";
import { tasksOf } from "../../../tools/costs/ecsPlan.ts";
import { fargateCosts, fargateSize } from "../../../tools/costs/fargateCosts.ts";
import { ec2, plan } from "./support/plan.ts";

const small = { cpu: 256, memory: 512 };

describe("the costs of instances", () => {
  it("are instances, their root volumes and their metrics", () => {
    const lines = ec2Costs(plan(), 2);
    expect(lines.map((line) => Number(monthly(line).toFixed(2)))).to.deep.equal([35.04, 5.71, 4.2]);
    expect(lines.map(({ amount }) => amount)).to.deep.equal([2, 60, 14]);
  });

  it("follow the size of the volume", () => {
    const [, volumes] = ec2Costs(plan({ ec2: ec2("t3.small", { rootVolumeGib: 100 }) }), 3);
    expect(volumes?.amount).to.equal(300);
  });

  it("count as many instances as the tasks need, within the settings", () => {
    expect(instancesOf(plan(), "min")).to.equal(2);
    expect(instancesOf(plan(), "max")).to.equal(3);
    // A stack on Fargate may have more tasks than the instances that its settings allow could take.
    expect(instancesOf(plan({ ec2: ec2("t3.small", { maxInstances: 1 }) }), "max")).to.equal(3);
    expect(instancesOf(plan({ ec2: ec2("t3.xlarge", { minInstances: 1 }) }), "max")).to.equal(2);
  });

  it("count spare instances", () => {
    expect(keptInstances({ minInstances: 1, targetCapacityPercent: 50 }, 3)).to.equal(6);
    expect(keptInstances({ minInstances: 1, targetCapacityPercent: 80 }, 3)).to.equal(4);
    expect(keptInstances({ minInstances: 5, targetCapacityPercent: 100 }, 3)).to.equal(5);
  });
});

describe("the costs of Fargate", () => {
  it("are those of AWS's own example: 0.25 vCPU and 0.5 GiB in us-east-1 are 9.01", () => {
    const lines = fargateCosts(plan({ region: "us-east-1" }), [small], 0);
    expect(total(lines)).to.be.closeTo(9.01, 0.005);
  });

  it("are a fifth less on arm64", () => {
    const arm = { architecture: "arm64", spotPercent: 0, storageGib: 20 } as const;
    const ratio =
      total(fargateCosts(plan({ fargate: arm }), [small], 0)) /
      total(fargateCosts(plan(), [small], 0));
    expect(ratio).to.be.closeTo(0.8, 0.005);
  });

  it("mix Spot in by its share", () => {
    const tasks = tasksOf(plan(), "max");
    const [none, half, all] = [0, 50, 100].map((percent) =>
      total(fargateCosts(plan(), tasks, percent)),
    );
    expect(half).to.be.closeTo(((none ?? 0) + (all ?? 0)) / 2, 1e-9);
    expect(fargateCosts(plan(), tasks, 100).map(({ what }) => what)).to.deep.equal([
      "Fargate Spot, x86_64",
      "Fargate Spot, x86_64",
    ]);
  });

  it("count storage above what a task has anyway", () => {
    const fargate = { architecture: "x86_64", spotPercent: 0, storageGib: 50 } as const;
    const storage = fargateCosts(plan({ fargate }), [small, small], 0).at(-1);
    expect(storage).to.deep.include({ amount: 60, unit: "GiB", per: "hour" });
  });

  it("are refused where the price of Spot is not known", () => {
    const fargate = { architecture: "arm64", spotPercent: 50, storageGib: 20 } as const;
    expect(() => fargateCosts(plan({ fargate }), [small], 50)).to.throw(
      "no price for Fargate Spot on arm64 in eu-central-1",
    );
  });

  for (const [wanted, cpu, memory] of [
    [{ cpu: 256, memory: 512 }, 256, 512],
    [{ cpu: 128, memory: 100 }, 256, 512],
    [{ cpu: 300, memory: 512 }, 512, 1024],
    [{ cpu: 256, memory: 3000 }, 512, 3072],
    [{ cpu: 5000, memory: 17_000 }, 8192, 20_480],
  ] as const) {
    it(`take the smallest size for ${wanted.cpu} CPU units and ${wanted.memory} MiB`, () => {
      expect(fargateSize(wanted)).to.deep.equal({ cpu, memory });
    });
  }

  it("have no size for a task that is larger than the largest", () => {
    expect(fargateSize({ cpu: 256, memory: 250_000 })).to.equal(undefined);
    expect(() => fargateCosts(plan(), [{ cpu: 40_000, memory: 512 }], 0)).to.throw(
      "No size of Fargate holds a task of 40000 CPU units and 512 MiB",
    );
  });
});
