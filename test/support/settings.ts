import { defaultHealth } from "../../components/healthSpec.ts";
import { defaultRollout } from "../../components/rolloutPlan.ts";
import type {
  CloudRunSettings,
  Ec2Settings,
  EcsSharedSettings,
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
    tags: { CostCentre: "4711" },
    logRetentionDays: 30,
  };
}

/** What both targets on ECS have. */
function ecsShared(...services: ServiceSettings[]): EcsSharedSettings {
  return {
    ...shared(...services),
    aws: { region: "eu-central-1" },
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
  };
}

/** Settings of the target ec2. */
export function ec2Settings(...services: ServiceSettings[]): Ec2Settings {
  return {
    ...ecsShared(...services),
    target: "ec2",
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
    ...ecsShared(...services),
    target: "fargate",
    fargate: { architecture: "x86_64", spotPercent: 0 },
  };
}

/** A service of a size that Cloud Run takes with many requests at once, and of times that it has. */
export function cloudRunService(overrides: Partial<ServiceSettings> = {}): ServiceSettings {
  return service({ cpu: 1024, drainSeconds: 0, stopTimeoutSeconds: 10, ...overrides });
}

/** Settings of the target cloudrun. */
export function cloudRunSettings(...services: ServiceSettings[]): CloudRunSettings {
  return {
    ...shared(...services),
    target: "cloudrun",
    gcp: { project: "my-project", region: "europe-west1" },
    rollout: { ...defaultRollout, strategy: "BLUE_GREEN" },
    tags: { "cost-centre": "4711" },
    cloudRun: {
      public: true,
      ingress: "all",
      concurrency: 80,
      cpuBoost: true,
      cpuAlwaysAllocated: false,
      deletionProtection: false,
      requestTimeoutSeconds: 300,
      notificationChannels: [],
      enableApis: true,
    },
    delivery: "pulumi",
    cloudDeploy: { branch: "main", requireApproval: true },
  };
}
