import { expect } from "chai";
import { reaches } from "../../../../rehearsal/providers/aws/reaches.ts";
import { securityGroupTypes } from "../../../../rehearsal/providers/aws/securityGroups.ts";
import type { Properties } from "../../../../rehearsal/providers/properties.ts";
import { World } from "../../../../rehearsal/providers/world.ts";

const call = { from: ["sg-caller"], to: ["sg-called"], toAddress: "10.0.1.4", port: 20_080 };
const everywhere = { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" };
const port = { ipProtocol: "tcp", fromPort: 20_080, toPort: 20_080 };
const out: Properties = { securityGroupId: "sg-caller", ...everywhere };
const into: Properties = {
  securityGroupId: "sg-called",
  referencedSecurityGroupId: "sg-caller",
  ...port,
};

describe("security groups", () => {
  const lets = (egress: Properties[], ingress: Properties[]) =>
    reaches(worldWith({ Egress: egress, Ingress: ingress }), call);

  it("let a call through that may leave the one and enter the other", () => {
    expect(lets([out], [into])).to.equal(true);
    expect(lets([{ ...out, cidrIpv4: "10.0.0.0/16" }], [into])).to.equal(true);
    const toCalled = { securityGroupId: "sg-caller", referencedSecurityGroupId: "sg-called" };
    expect(lets([{ ...toCalled, ...port }], [into])).to.equal(true);
    expect(lets([out], [{ securityGroupId: "sg-called", ...everywhere }])).to.equal(true);
  });

  it("let no other through", () => {
    expect(lets([], [into])).to.equal(false);
    expect(lets([out], [])).to.equal(false);
    expect(lets([{ ...out, cidrIpv4: "10.1.0.0/16" }], [into])).to.equal(false);
    expect(lets([{ ...out, securityGroupId: "sg-other" }], [into])).to.equal(false);
    expect(lets([out], [{ ...into, referencedSecurityGroupId: "sg-other" }])).to.equal(false);
    expect(lets([out], [{ ...into, fromPort: 8000, toPort: 8000 }])).to.equal(false);
    expect(lets([out], [{ ...into, ipProtocol: "udp" }])).to.equal(false);
  });
});

function worldWith(rules: Record<"Egress" | "Ingress", Properties[]>): World {
  const world = new World({ seed: 1, region: "eu-central-1" });
  for (const [kind, all] of Object.entries(rules)) {
    const token = `aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`;
    const type = securityGroupTypes.find((it) => it.token === token);
    if (!type) throw new Error(`there is no ${token}`);
    for (const [index, inputs] of all.entries()) {
      const name = `${kind}${index}`;
      world.add({ type, urn: `urn:${name}`, name, id: `sgr-${name}`, inputs, outputs: inputs });
    }
  }
  return world;
}
