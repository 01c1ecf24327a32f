import { expect } from "chai";
import {
  capacityOf,
  choosePlacement,
  instancesNeeded,
  type PlacementQuestion,
  type Reservation,
} from "../../../rehearsal/cloud/ecs/placement.ts";
import type { PoolInstance } from "../../../rehearsal/cloud/ecs/ports.ts";

const instance = (name: string, zone: string, active = true): PoolInstance => ({
  instanceId: name,
  availabilityZone: zone,
  instanceType: "t3.small",
  clusterName: "main",
  active,
  launchedAt: 0,
});

const question: PlacementQuestion = {
  service: "app",
  cpu: 256,
  memory: 512,
  subnets: [
    { id: "a", cidrBlock: "10.0.0.0/24", availabilityZone: "a" },
    { id: "b", cidrBlock: "10.0.1.0/24", availabilityZone: "b" },
  ],
  strategy: [],
};

const on = (instanceId: string, service = "app", cpu = 256): Reservation => ({
  task: `${instanceId}-${service}-${cpu}`,
  service,
  instanceId,
  cpu,
  memory: 512,
});

describe("choosePlacement", () => {
  const instances = [instance("a1", "a"), instance("a2", "a"), instance("b1", "b")];
  const choose = (reservations: Reservation[], change: Partial<PlacementQuestion> = {}) =>
    choosePlacement({ ...question, ...change }, instances, reservations)?.instanceId;

  it("spreads over zones, then over instances, by the service's own tasks", () => {
    expect(choose([])).to.equal("a1");
    expect(choose([on("a1")])).to.equal("b1");
    expect(choose([on("a1"), on("b1")])).to.equal("a2");
    expect(choose([on("a1", "other")])).to.equal("a1");
  });

  it("packs by what is left, when it is told to", () => {
    const strategy = [{ type: "binpack" as const, field: "memory" }];
    expect(choose([on("a2", "other")], { strategy })).to.equal("a2");
  });

  it("takes only instances with room: CPU, memory, a network interface", () => {
    expect(choose([on("a1"), on("a1"), on("b1"), on("b1")])).to.equal("a2");
    expect(choose([], { cpu: 4096 })).to.equal(undefined);
    expect(choose([], { memory: 2048 })).to.equal(undefined);
    expect(choose([on("a1", "x", 2048), on("a2", "x", 2048)])).to.equal("b1");
  });

  it("takes only zones in which the service has a subnet, and instances that have booted", () => {
    expect(choose([], { subnets: question.subnets.slice(1) })).to.equal("b1");
    expect(choosePlacement(question, [instance("a1", "a", false)], [])).to.equal(undefined);
  });
});

describe("instancesNeeded", () => {
  const tasks = (count: number) => Array.from({ length: count }, () => ({ cpu: 256, memory: 512 }));

  it("fills what is free before it adds", () => {
    expect(instancesNeeded(tasks(5), [], "t3.small")).to.equal(3);
    expect(instancesNeeded(tasks(5), [capacityOf("t3.small")], "t3.small")).to.equal(2);
    expect(instancesNeeded(tasks(2), [capacityOf("t3.small")], "t3.small")).to.equal(0);
  });

  it("adds nothing for a task that the type can't take", () => {
    expect(instancesNeeded([{ cpu: 256, memory: 2048 }], [], "t3.small")).to.equal(0);
  });
});
