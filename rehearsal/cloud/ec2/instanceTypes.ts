/** What an instance type offers to tasks. */
export interface InstanceType {
  /** CPU units: 1024 per vCPU. */
  cpu: number;
  /** MiB that the agent registers. */
  memory: number;
  /** Tasks with a network interface of their own, without ENI trunking: interfaces − 1. */
  interfaces: number;
  /** The same with ENI trunking; absent where the type has none (all of T). */
  trunkedInterfaces?: number;
}

// vCPU, GiB and interfaces: "Amazon EC2 instance types" (network specifications); trunked tasks: "Supported instances
// for increased Amazon ECS container network interfaces".
const table: Record<string, [vcpu: number, gib: number, interfaces: number, trunked?: number]> = {
  "t3.micro": [2, 1, 2],
  "t3.small": [2, 2, 3],
  "t3.medium": [2, 4, 3],
  "t3.large": [2, 8, 3],
  "t3.xlarge": [4, 16, 4],
  "t3a.small": [2, 2, 2],
  "t3a.medium": [2, 4, 3],
  "t4g.small": [2, 2, 3],
  "t4g.medium": [2, 4, 3],
  "t4g.large": [2, 8, 3],
  "m5.large": [2, 8, 3, 10],
  "m5.xlarge": [4, 16, 4, 20],
  "m6i.large": [2, 8, 3, 10],
  "m6i.xlarge": [4, 16, 4, 20],
  "c5.large": [2, 4, 3, 10],
  "c5.xlarge": [4, 8, 4, 20],
  "c6i.large": [2, 4, 3, 10],
  "c6i.xlarge": [4, 8, 4, 20],
};

/**
 * Kernel, Docker and the agent's own reserve: what an instance registers is less than what its type is sold with.
 * An estimate on the careful side; the exact figure depends on the AMI.
 */
const registeredShare = 0.93;

export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map(
  Object.entries(table).map(([name, [vcpu, gib, interfaces, trunked]]) => [
    name,
    {
      cpu: vcpu * 1024,
      memory: Math.floor(gib * 1024 * registeredShare),
      interfaces: interfaces - 1,
      ...(trunked === undefined ? {} : { trunkedInterfaces: trunked }),
    },
  ]),
);
