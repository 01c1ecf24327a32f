import type * as pulumi from "@pulumi/pulumi";
import type { ScheduledMinimum } from "../components/aws/scheduledMinimum.ts";
import type { HealthSpec } from "../components/healthSpec.ts";
import type { RolloutPlan } from "../components/rolloutPlan.ts";
import type {
  AwsConnection,
  CloudRunDeploymentInputs,
  GcpConnection,
} from "../provider/messages.ts";

/** What the user asked for, checked and complete: every default is filled in. One member per target. */
export type Settings = EcsSettings | CloudRunSettings;

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
  /** Put on every resource that takes tags; on Cloud Run they are labels. */
  readonly tags: Readonly<Record<string, string>>;
  /** Days for which logs are kept. */
  readonly logRetentionDays: number;
}

/** What both targets on Amazon ECS have. */
export interface EcsSharedSettings extends SharedSettings {
  /** How to reach AWS: the stack's own `aws:` configuration; never a key or a token. */
  readonly aws: AwsConnection;
  readonly loadBalancer: LoadBalancerSettings;
  readonly network: NetworkSettings;
}

/** `symphainy:target: ec2`: Amazon ECS on EC2 capacity. */
export interface Ec2Settings extends EcsSharedSettings {
  readonly target: "ec2";
  readonly ec2: Ec2CapacitySettings;
}

/** `symphainy:target: fargate`: Amazon ECS on AWS Fargate. */
export interface FargateSettings extends EcsSharedSettings {
  readonly target: "fargate";
  readonly fargate: FargateCapacitySettings;
}

/** `symphainy:target: cloudrun`: Google Cloud Run. */
export interface CloudRunSettings extends SharedSettings {
  readonly target: "cloudrun";
  /** How to reach Google Cloud: the stack's own `gcp:` configuration. */
  readonly gcp: GcpSettings;
  readonly rollout: CloudRunPlan;
  readonly cloudRun: CloudRunPlaceSettings;
  /** Who builds images and moves traffic: this program, or Cloud Build and Cloud Deploy. */
  readonly delivery: "pulumi" | "cloudDeploy";
  /** How Cloud Build and Cloud Deploy do it; without effect where it is this program. */
  readonly cloudDeploy: CloudDeploySettings;
}

/** How a release goes live on Cloud Run, which replaces no tasks one by one. */
export type CloudRunPlan = RolloutPlan & {
  readonly strategy: CloudRunDeploymentInputs["strategy"];
};

/** A connection whose credentials, where the stack's configuration holds any, are secrets of the program. */
export type GcpSettings = Readonly<Omit<GcpConnection, "accessToken" | "credentials">> & {
  readonly accessToken?: pulumi.Output<string>;
  readonly credentials?: pulumi.Output<string>;
};

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
  /**
   * Environment name → where the value is. On AWS: ARN of a Secrets Manager secret or SSM parameter. On Cloud Run:
   * `projects/PROJECT/secrets/SECRET` or `projects/PROJECT/secrets/SECRET/versions/VERSION` of Secret Manager.
   */
  readonly secrets: Readonly<Record<string, string>>;
  /** `symphainy:health` with this service's own values over it. */
  readonly health: HealthSpec;
  /** Seconds for which the platform goes on accepting after SIGTERM, while readiness fails. */
  readonly drainSeconds: number;
  /** Seconds between SIGTERM and SIGKILL; more than `drainSeconds`. */
  readonly stopTimeoutSeconds: number;
  /** Seconds for which the platform keeps an idle connection; more than the load balancer's idle time-out. */
  readonly keepAliveSeconds: number;
  /**
   * Seconds for which the load balancer leads a client to the same task; 0: it doesn't. On Cloud Run any other number
   * is session affinity, which lasts as long as Cloud Run's own cookie.
   */
  readonly stickySessionSeconds: number;
  /** Ids of security groups that the tasks have besides their own; none on Cloud Run. */
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

/** Tasks on ECS, instances on Cloud Run. */
export interface TaskCountSettings {
  /** On Cloud Run it may be 0: without requests nothing runs. */
  readonly min: number;
  readonly max: number;
  /** Average CPU of the tasks that scaling aims at, in percent; Cloud Run has an aim of its own. */
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
  /** How late the cloud may publish a datapoint, in seconds. */
  readonly publicationLagSeconds: number;
  /** ARNs of SNS topics that are told about alarms; none on Cloud Run, which has notification channels. */
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

/** What is said of Cloud Run itself. */
export interface CloudRunPlaceSettings {
  /** Whether everybody may send requests; else only who has the role of an invoker. */
  readonly public: boolean;
  /** Where requests may come from. */
  readonly ingress: "all" | "internal" | "internalAndLoadBalancer";
  /** Requests that an instance takes at once, from 1 to 1000. */
  readonly concurrency: number;
  /** Whether an instance has more CPU while it starts. */
  readonly cpuBoost: boolean;
  /** Whether instances have, and pay for, CPU between requests too. */
  readonly cpuAlwaysAllocated: boolean;
  /** Undefined: what leaves an instance goes to the internet. */
  readonly network?: CloudRunNetworkSettings | undefined;
  /** Whether the services refuse to be deleted. */
  readonly deletionProtection: boolean;
  /** Seconds that a request may take, from 1 to 3600. */
  readonly requestTimeoutSeconds: number;
  /** `projects/PROJECT/notificationChannels/ID`: who is told about alarms. */
  readonly notificationChannels: readonly string[];
  /** Whether the APIs that are used are enabled; they stay so when the stack is destroyed. */
  readonly enableApis: boolean;
}

/** What is built on a push, and who lets it go live. */
export interface CloudDeploySettings {
  /** `projects/P/locations/REGION/connections/C/repositories/R`; there for services that are built. */
  readonly repository?: string | undefined;
  /** Name of the branch whose pushes are released. */
  readonly branch: string;
  /** Whether somebody has to approve each release. */
  readonly requireApproval: boolean;
}

/** Direct VPC egress: the network that instances are in with one foot. */
export interface CloudRunNetworkSettings {
  /** Name of a VPC network, or its path `projects/PROJECT/global/networks/NAME`. */
  readonly network: string;
  /** Name of a subnetwork in the stack's region, or its path. */
  readonly subnetwork: string;
  /** What goes through it: requests to private addresses, or all. */
  readonly egress: "privateRanges" | "all";
}
