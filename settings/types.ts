import type { ScheduledMinimum } from "../components/aws/scheduledMinimum.ts";
import type { HealthSpec } from "../components/healthSpec.ts";
import type { RolloutPlan } from "../components/rolloutPlan.ts";
import type { AwsConnection } from "../provider/messages.ts";

/** What the user asked for, checked and complete: every default is filled in. One member per target. */
export type Settings = EcsSettings;

/** The targets whose services run on Amazon ECS. */
export type EcsSettings = Ec2Settings | FargateSettings;

/** What every target has. */
export interface SharedSettings {
  /** By service name; each service is released on its own. At least one. */
  readonly services: Readonly<Record<string, ServiceSettings>>;
  /** The health contract of every service that does not name its own. */
  readonly health: HealthSpec;
  readonly rollout: RolloutPlan;
  readonly alarms: AlarmSettings;
  readonly loadBalancer: LoadBalancerSettings;
  readonly network: NetworkSettings;
  /** Put on every resource that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Days for which logs are kept. */
  readonly logRetentionDays: number;
}

/** `symphainy:target: ec2`: Amazon ECS on EC2 capacity. */
export interface Ec2Settings extends SharedSettings {
  readonly target: "ec2";
  /** How to reach AWS: the stack's own `aws:` configuration; never a key or a token. */
  readonly aws: AwsConnection;
  readonly ec2: Ec2CapacitySettings;
}

/** `symphainy:target: fargate`: Amazon ECS on AWS Fargate. */
export interface FargateSettings extends SharedSettings {
  readonly target: "fargate";
  /** How to reach AWS, as with `ec2`. */
  readonly aws: AwsConnection;
  readonly fargate: FargateCapacitySettings;
}

/** One service: its image, how it is run, and where it is reached. */
export interface ServiceSettings {
  /** The key in `symphainy:services`; ≤ 20 characters, lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly image: ImageSource;
  /** Port that the container listens on. */
  readonly port: number;
  /** Public path prefix, without a trailing slash unless it is `/`; unique among the services. */
  readonly path: string;
  /** CPU units of a task; 1024 are one vCPU. */
  readonly cpu: number;
  /** Memory of a task in MiB. */
  readonly memory: number;
  readonly tasks: TaskCountSettings;
  /** Plain environment of the container, as the user wrote it: RELEASE_ID, PORT and the like are not in it. */
  readonly env: Readonly<Record<string, string>>;
  /** Environment name → ARN of a Secrets Manager secret or SSM parameter. */
  readonly secrets: Readonly<Record<string, string>>;
  /** `symphainy:health` with this service's own values over it. */
  readonly health: HealthSpec;
  /** Seconds for which the platform goes on accepting after SIGTERM, while readiness fails. */
  readonly drainSeconds: number;
  /** Seconds between SIGTERM and SIGKILL; more than `drainSeconds`. */
  readonly stopTimeoutSeconds: number;
  /** Seconds for which the platform keeps an idle connection; more than the load balancer's idle time-out. */
  readonly keepAliveSeconds: number;
  /** Seconds for which the load balancer leads a client to the same task; 0: it doesn't. */
  readonly stickySessionSeconds: number;
  /** Ids of security groups that the tasks have besides their own. */
  readonly securityGroups: readonly string[];
  /** Names of other services of the stack that this one calls. */
  readonly calls: readonly string[];
  /** Id of a recorded release that the service is held at; undefined: what the settings say. */
  readonly release?: string | undefined;
}

/** Where a service's image comes from. */
export type ImageSource = BuiltImage | ExistingImage;

/** Built from a context by the program. */
export interface BuiltImage {
  readonly kind: "build";
  /** Absolute path of the build context. */
  readonly context: string;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Absolute path of the project. */
  readonly root: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Built by somebody before. */
export interface ExistingImage {
  readonly kind: "existing";
  /** `repository@sha256:…` */
  readonly reference: string;
}

export interface TaskCountSettings {
  readonly min: number;
  readonly max: number;
  /** Average CPU of the tasks that scaling aims at, in percent. */
  readonly targetCpuPercent: number;
  /** Requests a minute and task that scaling aims at; undefined: it goes by CPU alone. */
  readonly targetRequestsPerMinute?: number | undefined;
  /** Smallest numbers at certain times, from `min` to `max`; empty: `min` at all times. */
  readonly schedule: readonly ScheduledMinimum[];
}

/** The alarms that the promotion watches during the bake. */
export interface AlarmSettings {
  /** Length of one datapoint in seconds. */
  readonly periodSeconds: number;
  /** Datapoints that have to breach in a row. */
  readonly datapoints: number;
  /** Share of a release's answers that may be 5xx, in percent of its requests. */
  readonly errorPercent: number;
  /** 95th percentile of the response time that a release may need, in seconds. */
  readonly latencySeconds: number;
  /** How late CloudWatch may publish a datapoint, in seconds. */
  readonly publicationLagSeconds: number;
  /** ARNs of SNS topics that are told about alarms. */
  readonly topics: readonly string[];
}

export interface LoadBalancerSettings {
  /** ARN of an ACM certificate; without it the load balancer speaks plain HTTP. */
  readonly certificateArn?: string;
  /** Name that leads to the load balancer, and that the certificate is for; without it, its own name is used. */
  readonly hostname?: string;
  /** Seconds without a byte after which the load balancer closes a connection. */
  readonly idleTimeoutSeconds: number;
  /** Days for which access logs are kept. */
  readonly accessLogRetentionDays: number;
  /** Whether it refuses to be deleted. */
  readonly deletionProtection: boolean;
}

export interface NetworkSettings {
  /** IPv4 range of the VPC. */
  readonly cidr: string;
  /** Names of at least two zones of the region. */
  readonly availabilityZones: readonly string[];
  /** One NAT gateway for all zones, one in each, or VPC endpoints instead. */
  readonly natGateways: "single" | "perZone" | "none";
}

export interface Ec2CapacitySettings {
  readonly instanceType: string;
  /** Of the instance type; the image must be built for it. */
  readonly architecture: "x86_64" | "arm64";
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Share of the capacity that ECS keeps in use, in percent; below 100 leaves spare instances. */
  readonly targetCapacityPercent: number;
  /** Name of the public SSM parameter that holds the id of the ECS-optimised AMI. */
  readonly amiParameter: string;
  /** Size of the encrypted root volume in GiB. */
  readonly rootVolumeGib: number;
}

export interface FargateCapacitySettings {
  /** The image must be built for it. */
  readonly architecture: "x86_64" | "arm64";
  /** Share of the tasks that run on Fargate Spot, from 0 to 100; below 100 the first one never does. */
  readonly spotPercent: number;
  /** Storage of a task in GiB, from 21 to 200; undefined: the 20 that every task has. */
  readonly ephemeralStorageGib?: number | undefined;
}
