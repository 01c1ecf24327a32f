import { expect } from "chai";
import type { ProbeAnswer } from "../../provider/probe.ts";
import { proveServing } from "../../provider/servingProof.ts";
import { failureOf } from "./support/failureOf.ts";
import { FakeClock } from "./support/fakeClock.ts";
import { promotionInputs } from "./support/promotionInputs.ts";

describe("proveServing", () => {
  const { proof } = promotionInputs();
  let clock: FakeClock;
  let probes: number;

  beforeEach(() => {
    clock = new FakeClock();
    probes = 0;
  });

  function prove(answer: (probe: number) => ProbeAnswer): Promise<void> {
    const probe = async () => answer(probes++);
    const deps = { clock, probe, report: () => undefined, announce: () => undefined };
    return proveServing(proof, "aaaa", deps, new AbortController().signal);
  }

  it("is given by enough answers of the release in a row", async () => {
    await prove((probe) => ({ status: 200, release: probe === 1 ? "bbbb" : "aaaa" }));
    expect(probes).to.equal(4);
  });

  it("takes any status: only who answers counts", async () => {
    await prove(() => ({ status: 404, release: "aaaa" }));
  });

  for (const [what, answer, message] of [
    ["another release", { status: 200, release: "bbbb" }, "HTTP 200 as release bbbb"],
    ["nobody", { status: 502 }, "HTTP 502 without a release id"],
    ["silence", { error: "no answer within 5 s" }, "nothing: no answer within 5 s"],
  ] as const) {
    it(`fails at its deadline with ${what}`, async () => {
      const start = clock.now();
      expect(await failureOf(prove(() => answer))).to.equal(
        `proof: http://platform.test/ answered ${message} (2 min deadline)`,
      );
      expect(clock.now() - start).to.equal(2 * 60_000);
    });
  }
});
