import { expect } from "chai";
import { compareTargets, runCrossings, shownShares } from "../../../tools/costs/compareTargets.ts";
import type { ServicePlan } from "../../../tools/costs/ecsPlan.ts";
import { renderCosts } from "../../../tools/costs/renderCosts.ts";
import { plan } from "./support/plan.ts";
import { runPlan } from "./support/runPlan.ts";

const service: ServicePlan = {
  name: "platform",
  cpu: 1024,
  memory: 512,
  tasks: { min: 0, max: 4 },
};
const rounded = (numbers: readonly (number | undefined)[]) =>
  numbers.map((it) => (it === undefined ? undefined : Number(it.toFixed(2))));

describe("the targets beside each other", () => {
  it("are the same for a stack on either cloud, if the sizes are", () => {
    const services = [{ ...service, tasks: { min: 1, max: 4 } }];
    const names = (rows: ReturnType<typeof compareTargets>) => rows.map(({ name }) => name);
    const [onEcs, onRun] = [compareTargets(plan({ services })), compareTargets(runPlan())];
    expect(onEcs).to.deep.equal(onRun);
    expect(names(onRun)).to.deep.equal([
      "ec2 in eu-central-1, t3.small",
      "fargate in eu-central-1",
      "cloudrun in europe-west1, by requests",
      "cloudrun in europe-west1, by requests, tasks.min: 0",
      "cloudrun in europe-west1, cpuAlwaysAllocated",
    ]);
  });

  it("are whole: on ECS with load balancer and network, as the bill says", () => {
    const [ec2, fargate] = compareTargets(plan());
    expect(rounded(ec2?.costs ?? [])).to.deep.equal(shownShares.map(() => 113.57));
    expect(rounded(fargate?.costs ?? [])).to.deep.equal(shownShares.map(() => 89.34));
  });

  it("have the stack's own share of Spot", () => {
    const fargate = { architecture: "x86_64", spotPercent: 50, storageGib: 20 } as const;
    const [, onFargate] = compareTargets(plan({ fargate }));
    expect(onFargate?.name).to.equal("fargate in eu-central-1, 50 % Spot");
    expect(onFargate?.costs[0]).to.be.lessThan(89.34);
  });

  it("rise with use where requests are paid for, alone", () => {
    const [, , byRequests, fromZero, always] = compareTargets(runPlan());
    expect(rounded(byRequests?.costs ?? [])).to.deep.equal([9.86, 16.56, 26.61, 43.36, 76.87]);
    expect(rounded(fromZero?.costs ?? [])).to.deep.equal([0, 7.69, 19.22, 38.43, 76.87]);
    expect(rounded(always?.costs ?? [])).to.deep.equal(shownShares.map(() => 49.93));
  });

  it("have one line by requests where nothing is kept", () => {
    const rows = compareTargets(runPlan({ services: [service] }));
    expect(rows.map(({ name }) => name).filter((name) => name.includes("requests"))).to.deep.equal([
      "cloudrun in europe-west1, by requests",
    ]);
    expect(rows[2]?.costs[0]).to.equal(0);
  });

  it("don't name CPU always for less than a whole one", () => {
    const half = [{ ...service, cpu: 512, tasks: { min: 1, max: 4 } }];
    const names = compareTargets(runPlan({ services: half })).map(({ name }) => name);
    expect(names.join()).not.to.include("cpuAlwaysAllocated");
    const others = runCrossings(runPlan({ services: half })).map(({ other }) => other);
    expect(others).to.deep.equal(["fargate", "ec2"]);
  });

  it("leave out a target that has no place for a task", () => {
    const services = [{ ...service, cpu: 16_384, memory: 32_768, tasks: { min: 1, max: 1 } }];
    const big = plan({ services });
    expect(compareTargets(big).map(({ costs }) => costs[0] === undefined)).to.deep.equal([
      true,
      false,
    ]);
    expect(runCrossings(big)).to.deep.equal([]);
    expect(renderCosts(big)).to.include("Cloud Run has no instance for one of the tasks");
  });
});

describe("where Cloud Run costs less", () => {
  it("is where it costs the same as the other one", () => {
    const [fargate] = runCrossings(plan());
    const [, onFargate, byRequests] = compareTargets(plan());
    const [idle = 0, busy = 0] = [byRequests?.costs[0], byRequests?.costs.at(-1)];
    const share = fargate?.kept?.busy ?? 0;
    expect(idle + share * (busy - idle)).to.be.closeTo(onFargate?.costs[0] ?? 0, 1e-9);
    expect(share).to.be.closeTo(0.52, 0.005);
    // Two instances, each with ten requests a second at most.
    expect(fargate?.kept?.requests).to.be.closeTo(share * 2 * 10 * 730 * 3600, 1);
  });

  it("is further away from zero than with instances that are kept", () => {
    for (const { kept, fromZero } of runCrossings(plan())) {
      expect(fromZero?.busy).to.be.greaterThan(kept?.busy ?? 1);
    }
  });

  it("is said in the text, also where it always does", () => {
    const text = renderCosts(runPlan());
    expect(text).to.match(/^fargate +always +always$/m);
    expect(text).to.match(/^cloudrun, cpuAlwaysAllocated +up to 60 %, 16 million requests +up to/m);
  });

  it("is nowhere for many that are kept, if the other one is as dear as they are idle", () => {
    const services = [{ ...service, cpu: 256, tasks: { min: 300, max: 300 } }];
    const one = plan({ services });
    const idle = compareTargets(one)[2]?.costs[0] ?? 0;
    expect(idle).to.be.lessThan(compareTargets(one)[1]?.costs[0] ?? 0);
    const arm = { architecture: "arm64", spotPercent: 0, storageGib: 20 } as const;
    const [fargate] = runCrossings({ ...one, fargate: arm });
    expect(fargate).to.deep.include({ other: "fargate", kept: undefined });
    expect(renderCosts({ ...one, fargate: arm })).to.match(/^fargate +never +up to/m);
  });
});

describe("the bill of a stack on Cloud Run", () => {
  it("is that of the instances that are kept", () => {
    const text = renderCosts(runPlan());
    expect(text).to.match(/^Stack test in europe-west1, .*at the fewest instances\. .*tier 1\.$/ms);
    expect(text).to.match(/instances without a request +1 vCPU +0\.0000025 a second +6\.57/);
    expect(text).to.match(/^total +9\.86$/m);
  });

  it("is nothing where none is kept", () => {
    expect(renderCosts(runPlan({ services: [service] }))).to.match(/^total +0\.00$/m);
  });

  it("goes by the time with CPU always", () => {
    const text = renderCosts(runPlan({ cpuAlwaysAllocated: true }));
    expect(text).to.match(/instances that are kept +1 vCPU +0\.000018 a second +47\.30/);
    expect(text).to.match(/^total +49\.93$/m);
  });
});
