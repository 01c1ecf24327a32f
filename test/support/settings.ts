import { defaultHealth } from "../../components/healthSpec.ts";
import { defaultRollout } from "../../components/rolloutPlan.ts";
import type {
  Ec2Settings,
  FargateSettings,
  ServiceSettings,
  SharedSettings,
} from "../../settings.ts";

const digest = `sha256:${"b".repeat(64)}`;

/** A service that uses an existing image, so that nothing has to be built or looked up. */
export function service(overrides: Partial<ServiceSettings> = {}): ServiceSettings {
  return {
    name: "platform",
    image: { kind: "existing", reference: `registry.example/platform@${digest}` },
    port: 8000,
    path: "/",
    cpu: 256,
    memory: 512,
    tasks: { min: 2, max: 4, targetCpuPercent: 60, schedule: [] },
    env: { LOG_LEVEL: "INFO" },
    secrets: {},
    health: defaultHealth,
    drainSeconds: 20,
    stopTimeoutSeconds: 30,
    keepAliveSeconds: 75,
    stickySessionSeconds: 0,
    securityGroups: [],
    calls: [],
    ...overrides,
  };
}

/** What every target has, for these services. */
export function shared(...services: ServiceSettings[]): SharedSettings {
  return {
    services: Object.fromEntries(services.map((one) => [one.name, one])),
    health: defaultHealth,
    rollout: defaultRollout,
    alarms: {
      periodSeconds: 60,
      datapoints: 2,
      errorPercent: 1,
      latencySeconds: 2,
      publicationLagSeconds: 120,
      topics: [],
    },
    loadBalancer: {
      idleTimeoutSeconds: 60,
      accessLogRetentionDays: 90,
      deletionProtection: false,
    },
    network: {
      cidr: "10.40.0.0/16",
      availabilityZones: ["eu-central-1a", "eu-central-1b"],
      natGateways: "single",
    },
    tags: { CostCentre: "4711" },
    logRetentionDays: 30,
  };
}

/** Settings of the target ec2. */
export function ec2Settings(...services: ServiceSettings[]): Ec2Settings {
  return {
    ...shared(...services),
    target: "ec2",
    aws: { region: "eu-central-1" },
    ec2: {
      instanceType: "t3.small",
      architecture: "x86_64",
      minInstances: 2,
      maxInstances: 6,
      targetCapacityPercent: 100,
      amiParameter: "/aws/service/ecs/pinned",
      rootVolumeGib: 30,
    },
  };
}

/** Settings of the target fargate. */
export function fargateSettings(...services: ServiceSettings[]): FargateSettings {
  return {
    ...shared(...services),
    target: "fargate",
    aws: { region: "eu-central-1" },
    fargate: { architecture: "x86_64", spotPercent: 0 },
  };
}
