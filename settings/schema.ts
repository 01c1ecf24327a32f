import { z } from "zod";
import { defaultSteps, type RolloutPlan } from "../components/rolloutPlan.ts";
import { cloudDeploySchema } from "./cloudDeploySchema.ts";
import { cloudRunSchema } from "./cloudRunSchema.ts";
import { oneOf, text, whole } from "./fields.ts";
import { healthSchema } from "./healthSchema.ts";
import { alarmsSchema, rolloutSchema } from "./rolloutSchema.ts";
import { type ParsedService, serviceSchema } from "./serviceSchema.ts";
import { targetDefaults } from "./targetDefaults.ts";

const loadBalancerSchema = z.strictObject({
  hostname: text(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
    description:
      "Name that leads to the load balancer; with a certificate the gate and every client need it.",
    allowed: "a host name in lower case, such as platform.example.org",
  }).optional(),
  idleTimeoutSeconds: whole(
    1,
    4000,
    "seconds",
    "The load balancer closes a connection after this time without a byte. Less than every service's keep-alive.",
  ).default(60),
  accessLogRetentionDays: whole(1, 3650, "days", "How long access logs are kept.").default(90),
  deletionProtection: z.boolean().default(false).meta({
    description: "Whether the load balancer refuses to be deleted; set it for production.",
    allowed: "true or false",
  }),
});

const networkSchema = z.strictObject({
  cidr: text(/^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-2])$/, {
    description: "IPv4 range of the VPC.",
    allowed: "a private IPv4 range from /16 to /22, such as 10.0.0.0/16",
  }).default("10.0.0.0/16"),
  availabilityZones: z
    .array(
      text(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, {
        description: "Name of a zone.",
        allowed: "the name of a zone, such as eu-central-1a",
      }),
    )
    .max(6)
    .default([])
    .meta({
      description: "Zones that the network spans.",
      allowed: "2 to 6 different zones of the region",
      derived: "zones a and b of the region, where every account has them",
    }),
  natGateways: oneOf(
    ["single", "perZone", "none"],
    "NAT gateways: one for all zones is cheaper; one in each survives the loss of a zone. With none, tasks have no way to the internet: VPC endpoints lead to ECR, S3, CloudWatch Logs and the stores of the services' secrets. Whatever else they call (SNS, another API) needs an endpoint that you add.",
  ).default("single"),
});

const ec2Schema = z.strictObject({
  instanceType: z.string().default("t3.small").meta({
    description: "Type of the instances; the tasks of all services share them.",
    allowed: "a type whose capacity is known, such as t3.small or m7i.large",
  }),
  minInstances: whole(1, 500, "instances", "Fewest instances.").default(2),
  maxInstances: whole(
    1,
    500,
    "instances",
    "Most instances; a release needs room for twice the tasks.",
  ).default(6),
  targetCapacityPercent: whole(
    1,
    100,
    "percent",
    "Share of the instances that ECS keeps in use; below 100 leaves spare ones.",
  ).default(100),
  amiParameter: text(/^\/[\w.-]+(\/[\w.-]+)*\/image_id$/, {
    description:
      "Public SSM parameter with the id of the ECS-optimised AMI; pinned to one version.",
    allowed: "the name of an SSM parameter that ends in /image_id",
    derived: "the pinned Amazon Linux 2023 image for the architecture of the instance type",
  }).optional(),
  rootVolumeGib: whole(30, 1000, "GiB", "Size of the encrypted root volume (gp3).").default(30),
});

const fargateSchema = z.strictObject({
  architecture: oneOf(
    ["x86_64", "arm64"],
    "Processor of the tasks; images are built for it. arm64 costs a fifth less.",
  ).default("x86_64"),
  spotPercent: whole(
    0,
    100,
    "percent",
    "Share of the tasks on Fargate Spot, which costs about a third and can be taken back at two minutes' notice. Below 100 a service's first task is never there. A change of it is a deployment that passes the gate.",
  ).default(0),
  ephemeralStorageGib: whole(21, 200, "GiB", "Storage of a task, its image included.")
    .optional()
    .meta({ derived: "20, which every task has and nobody pays for" }),
});

const tag = z
  .string()
  .max(256)
  .meta({ description: "A tag.", allowed: "a text of at most 256 characters (quote numbers)" });

/** Every key of the namespace `symphainy`, as the user writes it. */
export const settingsSchema = z.strictObject({
  target: oneOf(
    ["ec2", "fargate", "cloudrun"],
    "Where the platform runs: Amazon ECS on EC2 instances, on AWS Fargate, or Google Cloud Run.",
  ),
  services: z
    .record(z.string(), serviceSchema)
    .prefault({ platform: { context: "platform" } })
    .meta({
      description: "The services by name; each is released on its own.",
      allowed: "a map with at least one service",
    }),
  health: healthSchema.prefault({}).meta({
    description:
      "The health contract: container check, load balancer, alarms and gate derive from it.",
    allowed: "a map",
  }),
  rollout: rolloutSchema
    .prefault({})
    .meta({ description: "How a release goes live.", allowed: "a map" }),
  alarms: alarmsSchema
    .prefault({})
    .meta({ description: "What undoes a release during its bake.", allowed: "a map" }),
  certificateArn: z
    .union([
      z.literal(""),
      z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/),
    ])
    .default("")
    .meta({
      description:
        "ACM certificate of the public address; without one the load balancer speaks plain HTTP.",
      allowed:
        "the ARN of an ACM certificate, arn:aws:acm:REGION:ACCOUNT:certificate/ID, or nothing",
    }),
  loadBalancer: loadBalancerSchema
    .prefault({})
    .meta({ description: "The public load balancer.", allowed: "a map" }),
  network: networkSchema.prefault({}).meta({ description: "The network.", allowed: "a map" }),
  ec2: ec2Schema
    .prefault({})
    .meta({ description: "Capacity of the target ec2.", allowed: "a map" }),
  fargate: fargateSchema
    .prefault({})
    .meta({ description: "Capacity of the target fargate.", allowed: "a map" }),
  cloudRun: cloudRunSchema
    .prefault({})
    .meta({ description: "What is said of the target cloudrun alone.", allowed: "a map" }),
  delivery: oneOf(
    ["pulumi", "cloudDeploy"],
    "Who builds images and moves traffic: this program, or, on cloudrun, Cloud Build and Cloud Deploy.",
  ).default("pulumi"),
  cloudDeploy: cloudDeploySchema.prefault({}).meta({
    description: "What is said of `delivery: cloudDeploy` alone.",
    allowed: "a map",
  }),
  tags: z.record(z.string(), tag).default({}).meta({
    description: "Tags of every resource that takes tags; on cloudrun they are labels.",
    allowed:
      "a map of at most 40 texts; names of at most 128 characters, not starting with aws:; on cloudrun names and texts of at most 63 lower-case letters, digits, _ and -",
  }),
  logRetentionDays: z
    .union(
      // The values that CloudWatch Logs accepts.
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653].map(
        (days) => z.literal(days),
      ),
    )
    .default(30)
    .meta({
      description: "How long the platform's logs are kept.",
      unit: "days",
      allowed:
        "one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653 (days)",
    }),
});

/** The checked values, defaults filled in, before the keys are checked against one another. */
export type ParsedSettings = Omit<RawSettings, "rollout" | "services" | "alarms"> & {
  rollout: RolloutPlan;
  services: Record<string, ParsedService>;
  alarms: Omit<RawSettings["alarms"], "publicationLagSeconds"> & { publicationLagSeconds: number };
};

type RawSettings = z.output<typeof settingsSchema>;

/** Fills in the defaults that depend on another key: the steps that go with the strategy, times and sizes with the target. */
export function withDefaults(settings: RawSettings): ParsedSettings {
  const { target, rollout, services, alarms } = settings;
  const { publicationLagSeconds, ...own } = targetDefaults(target);
  return {
    ...settings,
    rollout: { ...rollout, steps: rollout.steps ?? [...defaultSteps[rollout.strategy]] },
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        {
          ...service,
          cpu: service.cpu ?? own.cpu,
          drainSeconds: service.drainSeconds ?? own.drainSeconds,
          stopTimeoutSeconds: service.stopTimeoutSeconds ?? own.stopTimeoutSeconds,
        },
      ]),
    ),
    alarms: {
      ...alarms,
      publicationLagSeconds: alarms.publicationLagSeconds ?? publicationLagSeconds,
    },
  };
}
