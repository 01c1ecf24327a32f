import { expect } from "chai";
import {
  compareCapacities,
  compareWaysOut,
  crossingOf,
  endpointsPay,
} from "../../../tools/costs/compare.ts";
import { total } from "../../../tools/costs/costLine.ts";
import { endpointsPayFrom, wayOutCosts } from "../../../tools/costs/networkCosts.ts";
import { pricesOf } from "../../../tools/costs/prices.ts";
import { ec2, plan } from "./support/plan.ts";

const large = { cpu: 1024, memory: 2048 };

describe("the ways out of private subnets", () => {
  it("are priced by zone, with the addresses of NAT gateways", () => {
    const [single, perZone, none] = compareWaysOut(plan({ zones: 3 }));
    const nat = (0.052 + 0.005) * 730;
    expect(single?.ec2).to.be.closeTo(nat, 1e-9);
    expect(perZone?.fargate).to.be.closeTo(3 * nat, 1e-9);
    expect(none?.ec2).to.be.closeTo(8 * 3 * 0.012 * 730, 1e-9);
    expect(none?.fargate).to.be.closeTo(3 * 3 * 0.012 * 730, 1e-9);
  });

  it("count the endpoints that secrets and Service Connect need", () => {
    const secretArns = ["arn:aws:ssm:eu-central-1:123456789012:parameter/key"];
    const endpoints = (overrides: Parameters<typeof plan>[0], capacity: "EC2" | "FARGATE") =>
      wayOutCosts(plan(overrides), "none", capacity)[0]?.amount;
    expect(endpoints({ secretArns }, "FARGATE")).to.equal(8);
    expect(endpoints({ secretArns, serviceConnect: true }, "FARGATE")).to.equal(10);
    // Instances have both anyway.
    expect(endpoints({ secretArns, serviceConnect: true }, "EC2")).to.equal(16);
  });

  it("say from how much data endpoints cost less", () => {
    const { natGateway, endpoint } = pricesOf("eu-central-1");
    const { fargate } = endpointsPay(plan());
    const cost = (natGateways: "single" | "none", gb: number) =>
      total(wayOutCosts(plan(), natGateways, "FARGATE")) +
      gb * (natGateways === "none" ? endpoint.gb : natGateway.gb);
    expect(cost("none", fargate)).to.be.at.most(cost("single", fargate));
    expect(cost("none", fargate - 1)).to.be.greaterThan(cost("single", fargate - 1));
    expect(endpointsPayFrom("eu-central-1", -5)).to.equal(0);
  });
});

describe("the capacities beside each other", () => {
  it("are instances, Fargate and Fargate with Spot, at the fewest and the most tasks", () => {
    const [onEc2, fargate, spot] = compareCapacities(plan());
    expect(onEc2?.name).to.equal("ec2, t3.small (x86_64)");
    expect(onEc2?.most).to.be.closeTo((onEc2?.fewest ?? 0) * 1.5, 1e-9);
    expect(fargate?.most).to.be.closeTo((fargate?.fewest ?? 0) * 3, 1e-9);
    expect(spot?.name).to.equal("fargate (x86_64), 50 % Spot");
    expect(spot?.fewest).to.be.lessThan(fargate?.fewest ?? 0);
  });

  it("take the stack's own share of Spot", () => {
    const fargate = { architecture: "x86_64", spotPercent: 80, storageGib: 20 } as const;
    expect(compareCapacities(plan({ fargate })).at(-1)?.name).to.include("80 % Spot");
  });

  it("leave open what is not known, and what does not fit", () => {
    const fargate = { architecture: "arm64", spotPercent: 0, storageGib: 20 } as const;
    expect(compareCapacities(plan({ fargate })).at(-1)?.fewest).to.equal(undefined);
    const services = [{ name: "big", cpu: 4096, memory: 8192, tasks: { min: 1, max: 1 } }];
    const [onEc2, onFargate] = compareCapacities(plan({ services }));
    expect(onEc2?.fewest).to.equal(undefined);
    expect(onFargate?.fewest).to.be.greaterThan(0);
  });
});

describe("where instances cost less than Fargate", () => {
  it("is nowhere for tasks that leave most of an instance empty", () => {
    const { perInstance, ec2Task, fargateTask, cheaper } = crossingOf(
      plan(),
      { cpu: 256, memory: 512 },
      0,
    );
    expect(perInstance).to.equal(2);
    expect(cheaper).to.equal(undefined);
    expect(ec2Task).to.be.greaterThan(fargateTask ?? Infinity);
  });

  it("is somewhere for tasks that fill it", () => {
    const { cheaper } = crossingOf(plan({ ec2: ec2("t3.large") }), large, 0);
    expect(cheaper).to.deep.equal({ first: 4, always: 10 });
  });

  it("is further away with Spot and with endpoints, of which instances need more", () => {
    const instances = ec2("t3.large");
    expect(crossingOf(plan({ ec2: instances }), large, 50).cheaper).to.equal(undefined);
    const { cheaper } = crossingOf(plan({ ec2: instances, natGateways: "none" }), large, 0);
    expect(cheaper?.first).to.be.greaterThan(20);
  });

  it("is left open where a task fits neither", () => {
    expect(crossingOf(plan(), { cpu: 4096, memory: 8192 }, 0).perInstance).to.equal(0);
    const huge = { cpu: 256, memory: 250_000 };
    expect(crossingOf(plan(), huge, 0).fargateTask).to.equal(undefined);
  });
});
