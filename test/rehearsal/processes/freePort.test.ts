import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { freePort } from "../../../rehearsal/processes/freePort.ts";

describe("freePort", () => {
  it("passes over a port that is taken", async () => {
    const server = createServer();
    server.on("error", () => {}); // already taken by somebody else: just as good
    server.listen(15_000, "127.0.0.1");
    await Promise.race([once(server, "listening"), once(server, "error")]);
    try {
      expect(await freePort({ random: sequence(0, 0.5) })).to.be.greaterThan(15_000);
    } finally {
      server.close();
    }
  });

  it("hands out no port twice", async () => {
    const first = await freePort({ random: () => 0.7 });
    expect(await freePort({ random: sequence(0.7, 0.2) })).to.not.equal(first);
  });
});

function sequence(...numbers: number[]): () => number {
  return () => (numbers.length > 1 ? numbers.shift() : numbers[0]) ?? 0;
}
