/** What an instance type offers to tasks. */
export interface InstanceType {
  /** CPU units: 1024 per vCPU. */
  cpu: number;
  /** MiB that the agent registers. */
  memory: number;
  /** Tasks with a network interface of their own, without ENI trunking: interfaces − 1. */
  interfaces: number;
}

// "Amazon EC2 instance types": vCPU, GiB, and network interfaces, of which the instance keeps one.
const table: Record<string, [vcpu: number, gib: number, interfaces: number]> = {
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
  "m5.large": [2, 8, 3],
  "m5.xlarge": [4, 16, 4],
  "m6i.large": [2, 8, 3],
  "m6i.xlarge": [4, 16, 4],
  "c5.large": [2, 4, 3],
  "c5.xlarge": [4, 8, 4],
  "c6i.large": [2, 4, 3],
  "c6i.xlarge": [4, 8, 4],
};

/**
 * Kernel, Docker and the agent's own reserve: what an instance registers is less than what its type is sold with.
 * An estimate on the careful side; the exact figure depends on the AMI.
 */
const registeredShare = 0.93;

export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map(
  Object.entries(table).map(([name, [vcpu, gib, interfaces]]) => [
    name,
    {
      cpu: vcpu * 1024,
      memory: Math.floor(gib * 1024 * registeredShare),
      interfaces: interfaces - 1,
    },
  ]),
);
