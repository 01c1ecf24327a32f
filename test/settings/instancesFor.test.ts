import { expect } from "chai";
import { instancesFor } from "../../settings/instancesFor.ts";

const type = { architecture: "x86_64", cpu: 2048, memory: 4000, tasks: 3 } as const;
const times = (count: number, cpu: number, memory: number) =>
  Array.from({ length: count }, () => ({ cpu, memory }));

describe("instancesFor", () => {
  it("needs none for no task", () => expect(instancesFor([], type)).to.equal(0));
  it("counts network interfaces", () => {
    expect(instancesFor(times(3, 128, 64), type)).to.equal(1);
    expect(instancesFor(times(4, 128, 64), type)).to.equal(2);
  });
  it("counts CPU", () => expect(instancesFor(times(3, 1024, 64), type)).to.equal(2));
  it("counts memory", () => expect(instancesFor(times(3, 128, 2000), type)).to.equal(2));
  it("fills what the large tasks leave with the small ones", () => {
    expect(instancesFor([...times(2, 256, 1000), ...times(2, 1024, 3000)], type)).to.equal(2);
  });
});
