import { CannotDo } from "../../operate/cannotDo.ts";

/** List prices of one region in US dollars, without tax, free tier and discounts. */
export interface RegionPrices {
  /**
   * An hour of the size `large` of a family, Linux, on demand. The other sizes cost in proportion; AWS
   * rounds some of them to four digits.
   */
  readonly large: Readonly<Record<string, number>>;
  /** A GiB of gp3 for a month. */
  readonly gp3: number;
  readonly fargate: Readonly<Record<"x86_64" | "arm64", FargatePrices>>;
  /** An hour of a GiB of ephemeral storage above what a task has anyway. */
  readonly fargateStorage: number;
  /** An hour of an Application Load Balancer. */
  readonly loadBalancer: number;
  readonly natGateway: { readonly hour: number; readonly gb: number };
  /** Of an interface endpoint in one zone. */
  readonly endpoint: { readonly hour: number; readonly gb: number };
  /** An hour of a public IPv4 address. */
  readonly publicAddress: number;
  /** A CloudWatch metric for a month, of the first 10,000. */
  readonly metric: number;
}

/** For an hour. */
export interface FargatePrices {
  readonly vcpu: number;
  readonly gib: number;
  /** As the feed had it; it moves. Undefined: not known. */
  readonly spot?: { readonly vcpu: number; readonly gib: number };
}

/** Where a price comes from. */
export interface PriceSource {
  what: string;
  cloud: "AWS" | "Google";
  /** Address of the cloud's own page. */
  page: string;
  /** Where it was looked up instead. */
  from: string;
}

/** Where the prices come from; AWS's own pages are the ones that count. */
export const awsSources: readonly PriceSource[] = [
  {
    what: "EC2, us-east-1",
    cloud: "AWS",
    page: "https://aws.amazon.com/ec2/pricing/on-demand/",
    from: "AWS's Price List of 2026-07-20, in [Karpenter's table](https://github.com/aws/karpenter-provider-aws/blob/main/pkg/providers/pricing/zz_generated.pricing_aws.go)",
  },
  {
    what: "EC2, eu-central-1",
    cloud: "AWS",
    page: "https://aws.amazon.com/ec2/pricing/on-demand/",
    from: "[SkyPilot's catalogue](https://github.com/skypilot-org/skypilot-catalog) for t4g, m7g and m7i, published calculators for the others; none was found for c6g, c7g, r6g, r7g and r7i",
  },
  {
    what: "Fargate",
    cloud: "AWS",
    page: "https://aws.amazon.com/fargate/pricing/",
    from: "the file behind AWS's page, in a [copy of 2025-06](https://github.com/QuinnyPig/aws-price-watcher); x86 agrees with the Price List of 2026-09-11",
  },
  {
    what: "Fargate Spot",
    cloud: "AWS",
    page: "https://aws.amazon.com/fargate/pricing/",
    from: "the feed behind AWS's page as it was on 2026-09-29 (arm64: 2026-09-28), in published calculators; none was found for arm64 in eu-central-1",
  },
  {
    what: "load balancer, endpoints, addresses, metrics",
    cloud: "AWS",
    page: "https://aws.amazon.com/vpc/pricing/",
    from: "the files behind AWS's pages, in the same copy of 2025-06; endpoints in eu-central-1 agree with the Price List of 2026-09-22",
  },
  {
    what: "NAT gateway, EBS",
    cloud: "AWS",
    page: "https://aws.amazon.com/vpc/pricing/",
    from: "published calculators of 2026",
  },
];

/** When they were looked up. */
export const pricesLookedUp = "2026-11-23";

const prices: Readonly<Record<string, RegionPrices>> = {
  "eu-central-1": {
    large: {
      t3: 0.096,
      t4g: 0.0768,
      m5: 0.115,
      m6i: 0.115,
      m7i: 0.12075,
      m6g: 0.092,
      m7g: 0.09775,
      c5: 0.097,
      c6i: 0.097,
      c7i: 0.10185,
      r5: 0.152,
      r6i: 0.152,
    },
    gp3: 0.0952,
    fargate: {
      x86_64: { vcpu: 0.04656, gib: 0.00511, spot: { vcpu: 0.01441236, gib: 0.00158177 } },
      arm64: { vcpu: 0.03725, gib: 0.00409 },
    },
    fargateStorage: 0.000132,
    loadBalancer: 0.027,
    natGateway: { hour: 0.052, gb: 0.052 },
    endpoint: { hour: 0.012, gb: 0.01 },
    publicAddress: 0.005,
    metric: 0.3,
  },
  "us-east-1": {
    large: {
      t3: 0.0832,
      t4g: 0.0672,
      m5: 0.096,
      m6i: 0.096,
      m7i: 0.1008,
      m6g: 0.077,
      m7g: 0.0816,
      c5: 0.085,
      c6i: 0.085,
      c7i: 0.08925,
      c6g: 0.068,
      c7g: 0.0725,
      r5: 0.126,
      r6i: 0.126,
      r7i: 0.1323,
      r6g: 0.1008,
      r7g: 0.1071,
    },
    gp3: 0.08,
    fargate: {
      x86_64: { vcpu: 0.04048, gib: 0.004445, spot: { vcpu: 0.01288561, gib: 0.00141493 } },
      arm64: { vcpu: 0.03238, gib: 0.00356, spot: { vcpu: 0.01030969, gib: 0.00113349 } },
    },
    fargateStorage: 0.000111,
    loadBalancer: 0.0225,
    natGateway: { hour: 0.045, gb: 0.045 },
    endpoint: { hour: 0.01, gb: 0.01 },
    publicAddress: 0.005,
    metric: 0.3,
  },
};

/** Regions whose prices are known. */
export const pricedRegions: readonly string[] = Object.keys(prices);

/** Families of instances whose prices are known in a region. */
export function pricedFamilies(region: string): string[] {
  return Object.keys(pricesOf(region).large);
}

/** How many of the size `large` each size costs. */
const sizes: Readonly<Record<string, number>> = {
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
};

/** @throws CannotDo for a region whose prices are not here, with those that are. */
export function pricesOf(region: string): RegionPrices {
  const found = prices[region];
  if (found !== undefined) return found;
  const known = pricedRegions.join(", ");
  throw new CannotDo(
    `There are no prices for ${region}. Known: ${known}. Others can be added in tools/costs/prices.ts.`,
  );
}

/**
 * An hour of an instance.
 *
 * @throws CannotDo for a type whose price is not known in the region, with the families that are.
 */
export function instancePrice(region: string, instanceType: string): number {
  const { large } = pricesOf(region);
  const [family = "", size = ""] = instanceType.split(".");
  const price = large[family];
  const factor = sizes[size];
  if (price !== undefined && factor !== undefined) return price * factor;
  const known = pricedFamilies(region).join(", ");
  throw new CannotDo(
    `There is no price for ${instanceType} in ${region}. Known there: ${known}, small to 4xlarge. Others can be added in tools/costs/prices.ts.`,
  );
}
