/**
 * What the program and the `rollout` provider tell each other about one promotion.
 *
 * Property names are the wire format and end up in the state. All times are plain numbers with their unit in the
 * name. Nothing here is secret except {@link GateInputs.header}'s value, which the program passes as a secret.
 */

/** Resource token of the promotion. */
export const promotionToken = "rollout:index:Promotion";

/** Response header by which the running platform names its release, on every response. */
export const releaseHeader = "x-release-id";

/** Environment variable through which the platform learns its release. */
export const releaseVariable = "RELEASE_ID";

/** Inputs of a promotion: the release that should be live, and how it has to prove itself. */
export interface PromotionInputs {
  /** Name of the service in the settings; used in every message. */
  service: string;
  /** Content hash of image and runtime configuration: the release that should be live. */
  release: string;
  /** Where and how the release is deployed. Its `kind` selects the controller. */
  deployment: EcsDeploymentInputs;
  gate: GateInputs;
  bake: BakeInputs;
  proof: ProofInputs;
}

/** One service deployment on Amazon ECS. */
export interface EcsDeploymentInputs {
  kind: "ecs";
  /** ARN of the cluster. */
  cluster: string;
  /** Name or ARN of the service. */
  ecsService: string;
  /** ARN, with its revision number, of the task definition that carries the release. */
  taskDefinition: string;
  /** Hash of every other input that makes ECS start a deployment (network, load balancers, registries, …). */
  configuration: string;
  /** How long tasks may take to be placed and healthy before the deployment is stopped, in minutes. */
  scaleUpMinutes: number;
  /** How to reach AWS. Credentials come by the SDK's own chain (environment, profile, role), never from here. */
  connection: AwsConnection;
}

/** The stack's standard `aws:` provider configuration, as far as a client needs it. */
export interface AwsConnection {
  region: string;
  profile?: string;
  assumeRole?: { roleArn: string; sessionName?: string; externalId?: string };
  /** Service name as in `aws:endpoints` (`ecs`, `elbv2`, `cloudwatch`, …) → URL. */
  endpoints?: Record<string, string>;
}

/** How the candidate proves itself before it gets production traffic. */
export interface GateInputs {
  /** URL of the health endpoint, reached without production traffic (ECS: the test rule). */
  url: string;
  /** Header that selects the test rule. Its value is a secret. */
  header?: { name: string; value: string };
  /** The candidate's `health_percentage` must be at least this. */
  thresholdPercent: number;
  /** Healthy answers in a row, all by the candidate. */
  consecutivePasses: number;
  /** Pause between two probes, in seconds. */
  intervalSeconds: number;
  /** A probe without an answer after this many real seconds has failed. */
  timeoutSeconds: number;
  /** The gate closes, and the release is undone, when it has not passed after this many minutes. */
  deadlineMinutes: number;
}

/** How long, and by what, the release is watched while it takes all production traffic and can still be undone. */
export interface BakeInputs {
  /** Minutes with production traffic before the release counts as live. */
  minutes: number;
  /** Names of the alarms that undo the release when one of them fires. */
  alarms: string[];
  /** Pause between two looks at the alarms, in seconds. */
  intervalSeconds: number;
}

/** The last word: the public URL itself has to answer with the new release. */
export interface ProofInputs {
  /** Public URL; any response that carries {@link releaseHeader} will do. */
  url: string;
  /** Answers in a row that must name the release. */
  consecutiveAnswers: number;
  intervalSeconds: number;
  timeoutSeconds: number;
  deadlineMinutes: number;
}

/** Outputs: the inputs, and what is live. */
export interface PromotionOutputs extends PromotionInputs {
  live: LiveRelease;
}

/** What takes the production traffic. */
export interface LiveRelease {
  /** Its release id, or `unknown` where the revision does not tell. */
  release: string;
  /** The cloud's own name of it: on ECS the task definition's ARN. */
  revision: string;
  /** When it became live, ISO 8601. */
  since: string;
}
