import { endpointsOf } from "../../components/aws/endpointsOf.ts";
import type { CostLine } from "./costLine.ts";
import type { EcsPlan } from "./ecsPlan.ts";
import { pricesOf } from "./prices.ts";

/** What is the same whatever tasks run on. */
export function loadBalancerCosts({ region, zones }: EcsPlan): CostLine[] {
  const { loadBalancer, publicAddress } = pricesOf(region);
  return [
    { what: "Application Load Balancer", amount: 1, price: loadBalancer, per: "hour" },
    { what: "its public IPv4 addresses", amount: zones, price: publicAddress, per: "hour" },
  ];
}

/** The ways out of the private subnets; what goes through them is paid for besides. */
export function wayOutCosts(
  plan: EcsPlan,
  natGateways: EcsPlan["natGateways"],
  capacity: EcsPlan["capacity"],
): CostLine[] {
  const { natGateway, endpoint, publicAddress } = pricesOf(plan.region);
  if (natGateways !== "none") {
    const amount = natGateways === "single" ? 1 : plan.zones;
    return [
      { what: "NAT gateways", amount, price: natGateway.hour, per: "hour" },
      { what: "their public IPv4 addresses", amount, price: publicAddress, per: "hour" },
    ];
  }
  const endpoints = endpointsOf({ ...plan, compatibility: capacity }).length;
  return [
    {
      what: `interface endpoints, ${endpoints} in each zone`,
      amount: endpoints * plan.zones,
      price: endpoint.hour,
      per: "hour",
    },
    { what: "gateway endpoint of S3", amount: 1, price: 0, per: "hour" },
  ];
}

/**
 * GB a month from which endpoints cost less than a NAT gateway, if all of it goes to AWS by interface
 * endpoints. What goes to S3, as layers of images do, makes it fewer: there it costs nothing.
 *
 * @param more - US dollars a month that the endpoints cost more by the hour.
 * @returns 0 where they cost less anyway.
 */
export function endpointsPayFrom(region: string, more: number): number {
  const { natGateway, endpoint } = pricesOf(region);
  return Math.max(0, Math.ceil(more / (natGateway.gb - endpoint.gb)));
}
