import { expect } from "chai";
import { Exchanges } from "../../../rehearsal/cloud/elb/proxy/exchanges.ts";
import { WaitingRoom } from "../../../rehearsal/cloud/elb/proxy/waitingRoom.ts";

describe("the proxy's waiting room", () => {
  it("lets in as many as there are places, first come, first served", () => {
    const room = new WaitingRoom<string>();
    const places: string[] = [];
    const entered: string[] = [];
    for (const name of ["one", "two", "three"]) {
      room.wait(
        60,
        () => places.shift() ?? null,
        (place) => entered.push(`${name} ${place}`),
      );
    }
    room.admit();
    expect(entered).to.deep.equal([]);
    places.push("a", "b");
    room.admit();
    expect(entered).to.deep.equal(["one a", "two b"]);
    expect(room.size).to.equal(1);
    room.close();
    expect(entered.at(-1)).to.equal("three null");
    expect(room.size).to.equal(0);
  });

  it("sends away who has waited long enough, and forgets who has left", async () => {
    const room = new WaitingRoom<string>();
    const entered: string[] = [];
    const leave = room.wait(
      60,
      () => null,
      () => entered.push("left"),
    );
    leave();
    const place = await new Promise((resolve) => room.wait(0.001, () => null, resolve));
    expect(place).to.equal(null);
    expect(entered).to.deep.equal([]);
    expect(room.size).to.equal(0);
  });

  it("is told of the end of an exchange, once", () => {
    const exchanges = new Exchanges();
    const sizes: number[] = [];
    exchanges.onFewer = () => sizes.push(exchanges.size);
    const exchange = { cut: () => {} };
    exchanges.add(exchange);
    exchanges.delete(exchange);
    exchanges.delete(exchange);
    expect(sizes).to.deep.equal([0]);
  });
});
