import { repositoryOf } from "../components/aws/repositoryOf.ts";
import { keyName, type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import { zoneProblems } from "./zones.ts";

/** What is wrong with the network, the certificate and the tags; `region` is undefined where it is missing. */
export function networkProblems(settings: ParsedSettings, region: string | undefined): Problem[] {
  return [
    ...cidrProblems(settings.network.cidr),
    ...hostnameProblems(settings),
    ...tagProblems(settings.tags),
    ...closedNetworkProblems(settings, region),
    ...(region === undefined
      ? []
      : [
          ...zoneProblems(region, settings.network.availabilityZones),
          ...certificateProblems(settings.certificateArn, region),
        ]),
  ];
}

function cidrProblems(cidr: string): Problem[] {
  const [address = "", bits = ""] = cidr.split("/");
  const octets = address.split(".").map(Number);
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const [first = 0, second = 0] = octets;
  const isPrivate =
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168);
  const isNetwork = value % 2 ** (32 - Number(bits)) === 0;
  if (octets.every((octet) => octet <= 255) && isPrivate && isNetwork) return [];
  return [
    {
      keys: [["network", "cidr"]],
      finding: `is ${show(cidr)}`,
      allowed:
        "the first address of a private IPv4 range (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16), from /16 to /22",
      mend: "Write such a range, such as 10.0.0.0/16.",
    },
  ];
}

function certificateProblems(arn: string, region: string): Problem[] {
  const own = arn.split(":")[3];
  if (arn === "" || own === region) return [];
  return [
    {
      keys: [["certificateArn"]],
      finding: `is ${show(arn)}`,
      allowed: `a certificate of ${region}: a load balancer takes none of another region`,
      mend: `Request or import the certificate in ${region}.`,
    },
  ];
}

/** No certificate is for a load balancer's own name, so nobody could connect to it: the gate neither. */
function hostnameProblems({ certificateArn, loadBalancer }: ParsedSettings): Problem[] {
  if (certificateArn === "" || loadBalancer.hostname !== undefined) return [];
  return [
    {
      keys: [["loadBalancer", "hostname"], ["certificateArn"]],
      finding: "is missing",
      allowed: `the name that ${show(certificateArn)} is for`,
      mend: "Write it, and let its DNS record point at the load balancer.",
    },
  ];
}

/** What nobody gets at without a way to the internet: endpoints lead to AWS alone, and to their own region. */
function closedNetworkProblems(
  { network, services }: ParsedSettings,
  region: string | undefined,
): Problem[] {
  if (network.natGateways !== "none") return [];
  const natKey = ["network", "natGateways"];
  const because = `as ${keyName(natKey)} is none and nothing else can be reached`;
  const isHere = (arn: string) => region === undefined || arn.split(":")[3] === region;
  const here = region ?? "the stack's region";
  return Object.entries(services).flatMap(([name, { image, secrets }]): Problem[] => {
    const repository = image === undefined ? undefined : repositoryOf(image);
    const imageProblems: Problem[] =
      image === undefined || (repository !== undefined && isHere(repository))
        ? []
        : [
            {
              keys: [["services", name, "image"], natKey],
              finding: `is ${show(image)}`,
              allowed: `an image in ECR in ${here}, ${because}`,
              mend: `Copy the image to ECR there, or write single or perZone as ${keyName(natKey)}.`,
            },
          ];
    const secretProblems = Object.entries(secrets)
      .filter(([, arn]) => !isHere(arn))
      .map(([variable, arn]) => ({
        keys: [["services", name, "secrets", variable], natKey],
        finding: `is in ${arn.split(":")[3]}`,
        allowed: `a secret or parameter in ${here}, ${because}`,
        mend: `Replicate it to ${here}, or write single or perZone as ${keyName(natKey)}.`,
      }));
    return [...imageProblems, ...secretProblems];
  });
}

function tagProblems(tags: Readonly<Record<string, string>>): Problem[] {
  const names = Object.keys(tags);
  const wrong = names
    .filter((name) => name.length > 128 || /^aws:/i.test(name) || name === "")
    .map((name) => ({
      keys: [["tags", name]],
      finding: "is not a name for a tag",
      allowed: "1 to 128 characters, not starting with aws:",
      mend: "Rename it.",
    }));
  if (names.length <= 40) return wrong;
  const tooMany = {
    keys: [["tags"]],
    finding: `has ${names.length} tags`,
    allowed: "at most 40: AWS takes 50 on a resource, and the program adds its own",
    mend: `Remove some from ${keyName(["tags"])}.`,
  };
  return [...wrong, tooMany];
}
