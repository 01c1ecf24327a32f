import { expect } from "chai";
import { digest, useProject } from "./support/project.ts";

describe("calls between services", () => {
  const { expectProblem, problems, read } = useProject();
  const size = { cpu: 512, memory: 512 };
  const room = { ec2: { maxInstances: 40 } };

  /** Services, each with its own path and room for the proxy. */
  const services = (all: Record<string, object>) => ({
    services: Object.fromEntries(
      Object.entries(all).map(([name, values]) => [
        name,
        { image: digest, path: `/${name}`, ...size, ...values },
      ]),
    ),
    ...room,
  });

  it("go both ways", () => {
    const settings = read(services({ a: { calls: ["b"] }, b: { calls: ["a"] } }));
    expect(settings.services.a?.calls).to.deep.equal(["b"]);
    expect(read(services({ a: {} })).services.a?.calls).to.deep.equal([]);
  });
  it("to nobody", () =>
    expectProblem(
      services({ platform: { calls: ["insurrance"] }, insurance: {} }),
      'symphainy:services.platform.calls[0] is "insurrance", which is no service of this stack',
      "Did you mean insurance?",
    ));
  it("to the service itself", () =>
    expectProblem(services({ a: { calls: ["a"] } }), "a.calls[0]", "the service itself"));
  it("twice", () =>
    expectProblem(
      services({ a: { calls: ["b", "b"] }, b: {} }),
      'symphainy:services.a.calls[1] is "b", which is there already',
    ));
  it("to more than ten", () => {
    const names = Array.from({ length: 11 }, (_, index) => `s${index}`);
    const others = Object.fromEntries(names.map((name) => [name, {}]));
    expectProblem(services({ a: { calls: names }, ...others }), "symphainy:services.a.calls", "10");
  });
  it("of something that is no name", () =>
    expectProblem(services({ a: { calls: ["B_"] } }), "symphainy:services.a.calls[0]"));

  it("need room for the proxy, at both ends", () => {
    const found = problems(
      services({
        a: { calls: ["b"], cpu: 256 },
        b: { memory: 100 },
        c: { cpu: 256, memory: 100 },
      }),
    );
    expect(found).to.have.length(2);
    expect(found[0]).to.include("symphainy:services.a.cpu is 256. Allowed: at least 384");
    expect(found[1]).to.include("symphainy:services.b.memory is 100. Allowed: at least 128");
  });
  it("need a port that is not the proxy's own", () => {
    const own = { port: 20080 };
    expectProblem(services({ a: { calls: ["b"] }, b: own }), "services.b.port is 20080");
    expect(problems(services({ a: { calls: ["b"], ...own }, b: {} }))).to.deep.equal([]);
  });
  it("need a variable that nobody else sets", () =>
    expectProblem(
      services({ a: { env: { SERVICE_ENDPOINTS: "{}" } } }),
      "SERVICE_ENDPOINTS is a reserved name",
      "use the service's calls",
    ));
});
