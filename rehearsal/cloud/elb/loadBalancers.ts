import type { CreateLoadBalancerInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../awsError.ts";
import { Attributes, loadBalancerAttributes } from "./attributes.ts";
import type { ElbWorld, LoadBalancerRecord } from "./elbWorld.ts";
import { checkedName, invalid, notRehearsed } from "./errors.ts";
import { deleteListener } from "./listeners.ts";

export interface LoadBalancerFacts {
  /** Cloud time. */
  created: Date;
}

/**
 * Creates a load balancer that has no DNS name yet: the proxy tells its port.
 *
 * @throws AwsError DuplicateLoadBalancerName, InvalidSubnet, ValidationError or NotRehearsed.
 */
export function createLoadBalancer(
  world: ElbWorld,
  input: CreateLoadBalancerInput,
  { created }: LoadBalancerFacts,
): LoadBalancerRecord {
  const name = checkedName("Load balancer", input.Name);
  if (name.startsWith("internal-")) {
    throw invalid(`The load balancer name '${name}' cannot begin with 'internal-'`);
  }
  const request = JSON.stringify({ ...input, Tags: undefined });
  const existing = [...world.loadBalancers.values()].find((one) => one.name === name);
  // The same request again answers what is there (ELBv2: CreateLoadBalancer is idempotent).
  if (existing?.request === request) return existing;
  if (existing) {
    throw new AwsError(
      "DuplicateLoadBalancerName",
      `A load balancer with the name '${name}' exists, but with different settings`,
    );
  }
  if ((input.Type ?? "application") !== "application") {
    throw notRehearsed(`Load balancer type '${input.Type}'`, "use application");
  }
  const subnets = input.Subnets ?? (input.SubnetMappings ?? []).map(({ SubnetId }) => SubnetId);
  if (new Set(subnets).size < 2) {
    throw new AwsError(
      "InvalidSubnet",
      "At least two subnets in two different Availability Zones must be specified",
    );
  }
  const arn = world.newArn(`loadbalancer/app/${name}`);
  const record: LoadBalancerRecord = {
    arn,
    name,
    request,
    attributes: new Attributes(loadBalancerAttributes),
    description: {
      LoadBalancerArn: arn,
      LoadBalancerName: name,
      CanonicalHostedZoneId: "Z215JYRZR1TBD5",
      CreatedTime: created,
      Scheme: input.Scheme ?? "internet-facing",
      State: { Code: "active" },
      Type: "application",
      AvailabilityZones: subnets.map((SubnetId) => ({ SubnetId })),
      SecurityGroups: input.SecurityGroups ?? [],
      IpAddressType: input.IpAddressType ?? "ipv4",
    },
  };
  world.loadBalancers.set(arn, record);
  return record;
}

/**
 * Deletes a load balancer with its listeners and rules; one that does not exist is no error (ELBv2:
 * DeleteLoadBalancer).
 *
 * @throws AwsError OperationNotPermitted, when deletion protection is on.
 */
export function deleteLoadBalancer(world: ElbWorld, arn: string | undefined): void {
  const record = arn ? world.loadBalancers.get(arn) : undefined;
  if (!record) return;
  if (record.attributes.get("deletion_protection.enabled") === "true") {
    throw new AwsError(
      "OperationNotPermitted",
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    );
  }
  for (const listener of world.listenersOf(record)) deleteListener(world, listener.arn);
  world.loadBalancers.delete(record.arn);
}
