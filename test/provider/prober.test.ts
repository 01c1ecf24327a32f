import { expect } from "chai";
import { type IdentityTokens, NoIdentity } from "../../provider/identityTokens.ts";
import type { ProbeAnswer, ProbeRequest } from "../../provider/probe.ts";
import { Prober } from "../../provider/prober.ts";

describe("Prober", () => {
  const never = new AbortController().signal;
  const healthy = { status: 200, release: "aaaa", healthPercentage: 100 };
  let asked: ProbeRequest[];
  let announced: string[];

  beforeEach(() => {
    asked = [];
    announced = [];
  });

  function prober(tokenFor?: IdentityTokens["tokenFor"], audience?: string): Prober {
    const args = { url: "https://a.test/health", timeoutSeconds: 5, audience, instead: "so be it" };
    const probe = async (request: ProbeRequest) => {
      asked.push(request);
      return healthy;
    };
    const announce = (message: string) => void announced.push(message);
    return new Prober(args, { probe, announce, identity: tokenFor && { tokenFor } });
  }

  it("asks a public service without a token", async () => {
    expect(await prober().ask(never)).to.equal(healthy);
    expect(asked[0]).not.to.have.property("token");
  });

  it("shows a private service who asks, anew each time", async () => {
    let tokens = 0;
    const one = prober(async (audience) => `${audience} ${++tokens}`, "https://a.test");
    await one.ask(never);
    await one.ask(never);
    expect(asked.map(({ token }) => token)).to.deep.equal(["https://a.test 1", "https://a.test 2"]);
  });

  it("says once that nobody here is let in", async () => {
    const one = prober(async () => {
      throw new NoIdentity("no identity token can be had");
    }, "https://a.test");
    expect(await one.ask(never)).to.equal(undefined);
    expect(await one.ask(never)).to.equal(undefined);
    expect(announced).to.deep.equal(["no identity token can be had; so so be it"]);
    expect(asked).to.deep.equal([]);
  });

  describe("of a service that lets in only who is inside", () => {
    const onlyFrom = "its own networks";
    const args = { url: "https://a.test/health", timeoutSeconds: 5, onlyFrom, instead: "so be it" };

    function inside(answers: ProbeAnswer[]): Prober {
      const probe = async (request: ProbeRequest) => {
        asked.push(request);
        return answers.shift() ?? {};
      };
      return new Prober(args, { probe, announce: (message) => void announced.push(message) });
    }

    it("says once that it is outside", async () => {
      const one = inside([{ status: 404 }, healthy]);
      expect(await one.ask(never)).to.equal(undefined);
      expect(await one.ask(never)).to.equal(undefined);
      expect(announced).to.deep.equal([
        "https://a.test/health lets in only requests from its own networks, and answers HTTP 404 here; so so be it",
      ]);
      expect(asked).to.have.length(1);
    });

    it("goes by the answers where it is inside", async () => {
      const unfit = { status: 404, release: "aaaa" };
      const one = inside([{ error: "connect ECONNREFUSED" }, unfit, healthy, { status: 404 }]);
      expect(await one.ask(never)).to.deep.equal({ error: "connect ECONNREFUSED" });
      expect(await one.ask(never)).to.deep.equal(unfit);
      expect(await one.ask(never)).to.equal(healthy);
      expect(await one.ask(never)).to.deep.equal({ status: 404 });
      expect(announced).to.deep.equal([]);
    });
  });

  it("takes a token that can't be had at the moment for no answer", async () => {
    const one = prober(async () => {
      throw new Error("HTTP 503");
    }, "https://a.test");
    expect(await one.ask(never)).to.deep.equal({ error: "HTTP 503" });
    expect(announced).to.deep.equal([]);
  });
});
