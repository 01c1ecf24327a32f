/** What ECS has to place tasks on, on one instance. */
export interface InstanceType {
  readonly architecture: "x86_64" | "arm64";
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  /** MiB that the ECS agent registers: less than installed, as the kernel keeps some. */
  readonly memory: number;
  /** Tasks in network mode awsvpc: one network interface each, and the instance keeps the first. */
  readonly tasks: number;
}

interface Size {
  vcpus: number;
  networkInterfaces: number;
}

// Amazon EC2 user guide, "IP addresses per network interface per instance type".
const sizes: Record<string, Size> = {
  large: { vcpus: 2, networkInterfaces: 3 },
  xlarge: { vcpus: 4, networkInterfaces: 4 },
  "2xlarge": { vcpus: 8, networkInterfaces: 4 },
  "4xlarge": { vcpus: 16, networkInterfaces: 8 },
};

/** Installed GiB for each vCPU. */
const families: Record<string, { gibPerVcpu: number; architecture: "x86_64" | "arm64" }> = {
  m5: { gibPerVcpu: 4, architecture: "x86_64" },
  m6i: { gibPerVcpu: 4, architecture: "x86_64" },
  m7i: { gibPerVcpu: 4, architecture: "x86_64" },
  m6g: { gibPerVcpu: 4, architecture: "arm64" },
  m7g: { gibPerVcpu: 4, architecture: "arm64" },
  c5: { gibPerVcpu: 2, architecture: "x86_64" },
  c6i: { gibPerVcpu: 2, architecture: "x86_64" },
  c7i: { gibPerVcpu: 2, architecture: "x86_64" },
  c6g: { gibPerVcpu: 2, architecture: "arm64" },
  c7g: { gibPerVcpu: 2, architecture: "arm64" },
  r5: { gibPerVcpu: 8, architecture: "x86_64" },
  r6i: { gibPerVcpu: 8, architecture: "x86_64" },
  r7i: { gibPerVcpu: 8, architecture: "x86_64" },
  r6g: { gibPerVcpu: 8, architecture: "arm64" },
  r7g: { gibPerVcpu: 8, architecture: "arm64" },
};

const burstable: Record<string, Size & { gib: number }> = {
  small: { vcpus: 2, networkInterfaces: 3, gib: 2 },
  medium: { vcpus: 2, networkInterfaces: 3, gib: 4 },
  large: { vcpus: 2, networkInterfaces: 3, gib: 8 },
  xlarge: { vcpus: 4, networkInterfaces: 4, gib: 16 },
  "2xlarge": { vcpus: 8, networkInterfaces: 4, gib: 32 },
};

/** Every instance type whose capacity is known, by name. */
export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map([
  ...Object.entries(burstable).flatMap(([size, { gib, ...rest }]) => [
    [`t3.${size}`, instanceType(rest, gib, "x86_64")] as const,
    [`t4g.${size}`, instanceType(rest, gib, "arm64")] as const,
  ]),
  ...Object.entries(families).flatMap(([family, { gibPerVcpu, architecture }]) =>
    Object.entries(sizes).map(
      ([size, spec]) =>
        [`${family}.${size}`, instanceType(spec, gibPerVcpu * spec.vcpus, architecture)] as const,
    ),
  ),
]);

function instanceType(
  { vcpus, networkInterfaces }: Size,
  gib: number,
  architecture: InstanceType["architecture"],
): InstanceType {
  return {
    architecture,
    cpu: vcpus * 1024,
    // 10 % is what the kernel and the agent keep on the smallest types; larger ones lose less.
    memory: Math.floor(gib * 1024 * 0.9),
    tasks: networkInterfaces - 1,
  };
}
