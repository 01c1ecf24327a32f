import { expect } from "chai";
import { AddressBook } from "../../../rehearsal/cloud/ecs/network.ts";

describe("AddressBook", () => {
  it("starts after the four addresses that AWS keeps, and goes on over byte borders", () => {
    const book = new AddressBook();
    const subnet = { id: "s", cidrBlock: "10.0.16.0/20", availabilityZone: "a" };
    const addresses = Array.from({ length: 300 }, () => book.allocate(subnet));
    expect(addresses[0]).to.equal("10.0.16.4");
    expect(addresses[252]).to.equal("10.0.17.0");
    expect(new Set(addresses).size).to.equal(300);
  });

  it("says when a subnet is used up", () => {
    const book = new AddressBook();
    const subnet = { id: "s", cidrBlock: "10.0.0.0/28", availabilityZone: "a" };
    for (let count = 0; count < 11; count += 1) book.allocate(subnet);
    expect(() => book.allocate(subnet)).to.throw("The subnet s (10.0.0.0/28) has no free address");
  });
});
