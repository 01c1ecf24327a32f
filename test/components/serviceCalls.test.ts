import { expect } from "chai";
import {
  connectedServices,
  isCalled,
  releaseOrder,
  serviceEndpoints,
} from "../../components/serviceCalls.ts";

/** Services by what they call: `{ a: "b c" }`. */
function calling(calls: Record<string, string>) {
  return Object.entries(calls).map(([name, called]) => ({
    name,
    calls: called.split(" ").filter(Boolean),
  }));
}

describe("calls between services", () => {
  it("connect who calls and who is called, and nobody else", () => {
    const services = calling({ a: "b", b: "", c: "" });
    expect([...connectedServices(services)]).to.have.members(["a", "b"]);
    expect(isCalled("b", services)).to.equal(true);
    expect(isCalled("a", services)).to.equal(false);
    expect(connectedServices(calling({ a: "", b: "" })).size).to.equal(0);
  });

  it("go to a URL with the port and the path of who is called", () => {
    const services = [
      { name: "reports", port: 9000, path: "/reports" },
      { name: "insurance", port: 8000, path: "/" },
      { name: "other", port: 8000, path: "/other" },
    ];
    const urls = serviceEndpoints({ calls: ["reports", "insurance"] }, services);
    expect(JSON.stringify(urls)).to.equal(
      '{"insurance":"http://insurance:8000","reports":"http://reports:9000/reports"}',
    );
    expect(serviceEndpoints({ calls: ["insurance", "reports"] }, services)).to.deep.equal(urls);
    expect(serviceEndpoints({ calls: [] }, services)).to.deep.equal({});
  });
});

describe("releaseOrder", () => {
  const order = (calls: Record<string, string>) =>
    releaseOrder(calling(calls)).map((group) => group.map(({ name }) => name).join(" "));

  it("is the settings' own where nobody calls", () => {
    expect(order({ b: "", a: "" })).to.deep.equal(["b", "a"]);
  });
  it("puts who is called before who calls", () => {
    expect(order({ a: "b", b: "c", c: "" })).to.deep.equal(["c", "b", "a"]);
    expect(order({ a: "c", b: "c", c: "" })).to.deep.equal(["c", "a", "b"]);
  });
  it("keeps those together that call one another", () => {
    expect(order({ a: "b", b: "a" })).to.deep.equal(["a b"]);
    expect(order({ a: "b", b: "c", c: "a", d: "" })).to.deep.equal(["d", "a b c"]);
  });
  it("puts a circle before who calls into it, and after whom it calls", () => {
    expect(order({ a: "b", b: "c", c: "b d", d: "" })).to.deep.equal(["d", "b c", "a"]);
  });
});
