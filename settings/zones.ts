import { keyName, type Problem } from "./problems.ts";

/**
 * Regions in which two accounts may see different letters: zones that are closed to newer accounts, or that lack
 * current instance types, stand behind a letter that differs from account to account.
 */
const unreliable: Record<string, string> = {
  "us-east-1": "one of its zones has no current instance types, behind a letter that differs",
  "us-west-1": "an account sees two of its three zones, and which two differs",
  "ap-northeast-1": "one of its zones is closed to newer accounts",
  "sa-east-1": "one of its zones is closed to newer accounts",
  "ca-central-1": "one of its zones is closed to newer accounts",
};

const zonesKey = ["network", "availabilityZones"];

/** The zones to use: those of the settings, or the first two of the region. */
export function availabilityZones(region: string, configured: readonly string[]): string[] {
  return configured.length > 0 ? [...configured] : [`${region}a`, `${region}b`];
}

/** What is wrong with the zones; none are looked up, as a preview must work without an account. */
export function zoneProblems(region: string, configured: readonly string[]): Problem[] {
  const howTo = `List them with \`aws ec2 describe-availability-zones --region ${region}\`.`;
  if (configured.length === 0) {
    const reason = unreliable[region];
    if (reason === undefined) return [];
    return [
      {
        keys: [zonesKey],
        finding: "is missing",
        allowed: `at least two zones, as there is no safe default in ${region}: ${reason}`,
        mend: `${howTo} Then write two of them, such as [${region}a, ${region}c].`,
      },
    ];
  }
  const problem = (finding: string, mend: string): Problem => ({
    keys: [zonesKey],
    finding: `is ${JSON.stringify(configured)}${finding}`,
    allowed: `2 to 6 different zones of ${region}`,
    mend,
  });
  const foreign = configured.filter((zone) => zone.slice(0, -1) !== region);
  return [
    ...(configured.length < 2 ? [problem("", `A load balancer needs two. ${howTo}`)] : []),
    ...(new Set(configured).size < configured.length
      ? [problem(", which names a zone twice", "Name each zone once.")]
      : []),
    ...(foreign.length > 0
      ? [
          problem(
            `, and ${foreign.join(", ")} is in another region`,
            `Write zones of ${region}, or leave ${keyName(zonesKey)} out.`,
          ),
        ]
      : []),
  ];
}
