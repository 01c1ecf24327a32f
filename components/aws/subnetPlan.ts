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

/** Places for zones: the next power of two above the six zones of the largest region. */
const places = 8;
const subnetBits = Math.log2(2 * places);
const longestVpcPrefix = longestPrefix - subnetBits;

/**
 * Cuts a VPC's range into one public and one private subnet for each zone.
 *
 * Ranges are equal in size and depend on a zone's place in the list only, so a zone that is added
 * at the end moves no other: a subnet in use can be neither moved nor doubled.
 *
 * @throws when the range is no IPv4 range of /16 to /24, or there are more than eight zones.
 */
export function planSubnets(cidr: string, zones: readonly string[]): ZoneSubnets[] {
  const { base, prefix } = parseCidr(cidr);
  if (zones.length > places) {
    throw new Error(
      `the network has ${zones.length} zones; there is room for ${places}: ${zones.join(", ")}.`,
    );
  }
  const subnetPrefix = prefix + subnetBits;
  const size = 2 ** (32 - subnetPrefix);
  return zones.map((zone, index) => ({
    zone,
    publicCidr: formatCidr(base + index * size, subnetPrefix),
    privateCidr: formatCidr(base + (places + index) * size, subnetPrefix),
  }));
}

function parseCidr(cidr: string): { base: number; prefix: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [, ...parts] = (match ?? []).map(Number);
  const prefix = parts.pop();
  const valid = prefix !== undefined && parts.every((part) => part <= 255);
  if (!valid || prefix < shortestVpcPrefix || prefix > longestVpcPrefix) {
    throw new Error(
      `network cidr ${cidr} is no range for this network: use an IPv4 range between ` +
        `/${shortestVpcPrefix} and /${longestVpcPrefix}, such as 10.40.0.0/16.`,
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
