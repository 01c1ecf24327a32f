import type { Reach } from "../../cloud/ecs/ports.ts";
import type { Properties } from "../properties.ts";
import type { World } from "../world.ts";
import { contains, parseCidr } from "./cidr.ts";

/**
 * Whether security groups let a call from one task to another through: out of the one, and into the other.
 *
 * A rule by addresses counts for what is called; nobody asks who calls by an address of its own.
 */
export function reaches(world: World, { from, to, toAddress, port }: Reach): boolean {
  const rules = (kind: "Ingress" | "Egress", groups: readonly string[]) =>
    world
      .list(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
      .map(({ inputs }) => inputs)
      .filter(({ securityGroupId }) => groups.includes(String(securityGroupId)))
      .filter((rule) => isOn(port, rule));
  const isOut = rules("Egress", from).some((rule) => names(rule, to) || covers(rule, toAddress));
  const isIn = rules("Ingress", to).some((rule) => names(rule, from) || rule.cidrIpv4 === world4);
  return isOut && isIn;
}

const world4 = "0.0.0.0/0";

function isOn(port: number, { ipProtocol, fromPort, toPort }: Properties): boolean {
  if (ipProtocol === "-1") return true;
  return ipProtocol === "tcp" && Number(fromPort) <= port && port <= Number(toPort);
}

function names({ referencedSecurityGroupId }: Properties, groups: readonly string[]): boolean {
  return groups.includes(String(referencedSecurityGroupId));
}

function covers({ cidrIpv4 }: Properties, address: string): boolean {
  const [range, one] = [parseCidr(String(cidrIpv4)), parseCidr(`${address}/32`)];
  return range !== undefined && one !== undefined && contains(range, one);
}
