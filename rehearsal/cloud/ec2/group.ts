import { AwsError } from "../awsError.ts";
import type { PoolInstance, Subnet, SubnetLookup } from "../ecs/ports.ts";
import type { AutoScalingGroup, CreateAutoScalingGroupRequest } from "./shapes.ts";

/** An auto scaling group and its instances, oldest first. */
export interface Group {
  request: Required<CreateAutoScalingGroupRequest>;
  arn: string;
  createdAt: number;
  instances: PoolInstance[];
}

export function leastUsedZone({ instances }: Group, subnets: Subnet[]): string {
  const zones = [...new Set(subnets.map((subnet) => subnet.availabilityZone))];
  const used = (zone: string) =>
    instances.filter((instance) => instance.availabilityZone === zone).length;
  return zones.reduce((best, zone) => (used(zone) < used(best) ? zone : best));
}

export function describeGroup({ request, arn, createdAt, instances }: Group): AutoScalingGroup {
  return {
    AutoScalingGroupName: request.AutoScalingGroupName,
    AutoScalingGroupARN: arn,
    MinSize: request.MinSize,
    MaxSize: request.MaxSize,
    DesiredCapacity: request.DesiredCapacity,
    VPCZoneIdentifier: request.VPCZoneIdentifier,
    LaunchTemplate: request.LaunchTemplate,
    NewInstancesProtectedFromScaleIn: request.NewInstancesProtectedFromScaleIn,
    CreatedTime: new Date(createdAt),
    Instances: instances.map((instance) => ({
      InstanceId: instance.instanceId,
      InstanceType: instance.instanceType,
      AvailabilityZone: instance.availabilityZone,
      LifecycleState: instance.active ? "InService" : "Pending",
      HealthStatus: "Healthy",
      ProtectedFromScaleIn: request.NewInstancesProtectedFromScaleIn,
    })),
  };
}

/** @throws AwsError ValidationError. */
export function checkSizes({ MinSize, MaxSize, DesiredCapacity }: Group["request"]): void {
  if (0 <= MinSize && MinSize <= DesiredCapacity && DesiredCapacity <= MaxSize) return;
  throw new AwsError(
    "ValidationError",
    `Desired capacity:${DesiredCapacity} must be between the specified min size:${MinSize} and max ` +
      `size:${MaxSize}`,
  );
}

/** @throws AwsError ValidationError, when a subnet does not exist. */
export function subnetsOf(
  { VPCZoneIdentifier }: Group["request"],
  subnets: SubnetLookup,
): Subnet[] {
  return VPCZoneIdentifier.split(",").map((id) => {
    const subnet = subnets(id.trim());
    if (subnet) return subnet;
    throw new AwsError("ValidationError", `The subnet ID '${id}' does not exist`);
  });
}
