import { instanceTypes } from "../../../../settings/instanceTypes.ts";
import type { EcsPlan } from "../../../../tools/costs/ecsPlan.ts";

/** A stack with one small service, on two t3.small in Frankfurt. */
export function plan(overrides: Partial<EcsPlan> = {}): EcsPlan {
  return {
    stack: "test",
    region: "eu-central-1",
    zones: 2,
    capacity: "EC2",
    natGateways: "single",
    services: [{ name: "platform", cpu: 256, memory: 512, tasks: { min: 2, max: 6 } }],
    secretArns: [],
    serviceConnect: false,
    ec2: ec2(),
    fargate: { architecture: "x86_64", spotPercent: 0, storageGib: 20 },
    ...overrides,
  };
}

/** Instances of a type. */
export function ec2(
  instanceType = "t3.small",
  overrides: Partial<EcsPlan["ec2"]> = {},
): EcsPlan["ec2"] {
  const type = instanceTypes.get(instanceType);
  if (type === undefined) throw new Error(`${instanceType} is not known`);
  return {
    instanceType,
    type,
    minInstances: 2,
    maxInstances: 6,
    targetCapacityPercent: 100,
    rootVolumeGib: 30,
    ...overrides,
  };
}
