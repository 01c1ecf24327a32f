/** The address ranges of one availability zone. */
export interface ZoneSubnets {
  zone: string;
  /** Range of the subnet with a way in from the internet. */
  publicCidr: string;
  /** Range of the subnet whose only way is out. */
  privateCidr: string;
}

/** AWS takes no VPC and no subnet beyond these prefix lengths. */
const longestPrefix = 28;
const shortestVpcPrefix = 16;

/**
 * Cuts a VPC's range into one public and one private subnet for each zone.
 *
 * Tasks have addresses of their own, so the private half is what grows. Ranges are equal in size
 * and depend on a zone's place in the list only: a zone added at the end moves no other, up to the
 * next power of two.
 *
 * @throws when the range is no IPv4 range of /16 to /28, or too small for the zones.
 */
export function planSubnets(cidr: string, zones: readonly string[]): ZoneSubnets[] {
  const { base, prefix } = parseCidr(cidr);
  const slots = Math.max(2, 2 ** Math.ceil(Math.log2(zones.length)));
  const subnetPrefix = prefix + 1 + Math.log2(slots);
  if (subnetPrefix > longestPrefix) {
    throw new Error(
      `network cidr ${cidr} is too small for ${zones.length} zones: ` +
        `their subnets would be /${subnetPrefix}, and AWS takes none smaller than ` +
        `/${longestPrefix}. Use at least a /${longestPrefix - 1 - Math.log2(slots)}.`,
    );
  }
  const size = 2 ** (32 - subnetPrefix);
  return zones.map((zone, index) => ({
    zone,
    publicCidr: formatCidr(base + index * size, subnetPrefix),
    privateCidr: formatCidr(base + (slots + index) * size, subnetPrefix),
  }));
}

function parseCidr(cidr: string): { base: number; prefix: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [, ...parts] = (match ?? []).map(Number);
  const prefix = parts.pop();
  const valid = prefix !== undefined && parts.every((part) => part <= 255);
  if (!valid || prefix < shortestVpcPrefix || prefix > longestPrefix) {
    throw new Error(
      `network cidr ${cidr} is no range that a VPC can have: use an IPv4 range between ` +
        `/${shortestVpcPrefix} and /${longestPrefix}, such as 10.40.0.0/16.`,
    );
  }
  const size = 2 ** (32 - prefix);
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  return { base: Math.floor(address / size) * size, prefix };
}

function formatCidr(address: number, prefix: number): string {
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${parts.join(".")}/${prefix}`;
}
