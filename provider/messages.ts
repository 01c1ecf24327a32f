/**
 * What the program and the `rollout` provider tell each other about one promotion.
 *
 * Property names are the wire format and end up in the state. All times are plain numbers with their unit in the
 * name. Secret are {@link GateInputs.header}'s value and the credentials in {@link GcpConnection}; the program
 * passes them as secrets.
 */

/** Resource token of the promotion. */
export const promotionToken = "rollout:index:Promotion";

/** Response header by which the running platform names its release, on every response. */
export const releaseHeader = "x-release-id";

/** Environment variable through which the platform learns its release. */
export const releaseVariable = "RELEASE_ID";

/** How traffic moves to a candidate; ECS's own names. */
export const strategies = ["BLUE_GREEN", "CANARY", "LINEAR", "ROLLING"] as const;
export type Strategy = (typeof strategies)[number];

/** Inputs of a promotion: the release that should be live, and how it has to prove itself. */
export interface PromotionInputs {
  /** Name of the service in the settings; used in every message. */
  service: string;
  /** Content hash of image and runtime configuration: the release that should be live. */
  release: string;
  /** Where and how the release is deployed. Its `kind` selects the controller. */
  deployment: DeploymentInputs;
  gate: GateInputs;
  bake: BakeInputs;
  proof: ProofInputs;
}

/** By `kind`: which cloud deploys the release, and how. */
export type DeploymentInputs = EcsDeploymentInputs | CloudRunDeploymentInputs;

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
  /** The release's image by digest, `repository@sha256:…`; only for the record. */
  image: string;
  /**
   * ARNs of the services that it calls. A task finds only what was there when its deployment began, so one that began
   * before they could be called is not the one to bring live. Absent where it calls none.
   */
  calls?: string[];
  strategy: Strategy;
  /** How many tasks scaling may keep; a count outside is somebody's hand. */
  tasks: { min: number; max: number };
  traffic: EcsTraffic;
  /** How long tasks may take to be placed and healthy before the deployment is stopped, in minutes. */
  scaleUpMinutes: number;
  /** How to reach AWS. Credentials come by the SDK's own chain (environment, profile, role), never from here. */
  connection: AwsConnection;
}

/** Where a service on ECS gets its traffic. */
export interface EcsTraffic {
  /** What CloudWatch calls the load balancer: `app/NAME/ID`. */
  loadBalancer: string;
  /** ARN of the listener rule whose weights are the production traffic. */
  productionRule: string;
}

/** The stack's standard `aws:` provider configuration, as far as a client needs it. */
export interface AwsConnection {
  region: string;
  profile?: string;
  assumeRole?: { roleArn: string; sessionName?: string; externalId?: string };
  /** Service name as in `aws:endpoints` (`ecs`, `elbv2`, `cloudwatch`, …) → URL. */
  endpoints?: Record<string, string>;
}

/** One revision of a service on Google Cloud Run. */
export interface CloudRunDeploymentInputs {
  kind: "cloudRun";
  /** Full name: `projects/PROJECT/locations/REGION/services/NAME`. */
  cloudRunService: string;
  /** The release's image by digest, `repository@sha256:…`; only for the record. */
  image: string;
  /**
   * Hash of everything on the service. All of it is part of the release on Cloud Run, so it differs only where the
   * release does.
   */
  configuration: string;
  strategy: Exclude<Strategy, "ROLLING">;
  /** Production traffic of the candidate after each step, in percent: rising, ending at 100. */
  steps: number[];
  /** How long the candidate's revision may take to be ready before it is given up, in minutes. */
  scaleUpMinutes: number;
  /** How to reach Google Cloud. */
  connection: GcpConnection;
}

/** Label of a Cloud Run revision that names its release. */
export const releaseLabel = "release";

/** Tag of the Cloud Run revision that is to prove itself; its URL is the gate's way in. */
export const candidateTag = "candidate";

/** The stack's standard `gcp:` provider configuration, as far as a client needs it. */
export interface GcpConnection {
  project: string;
  region: string;
  /** Account to act as; whoever runs this must be allowed to create tokens for it. */
  impersonateServiceAccount?: string;
  /** A secret, where the stack's configuration holds one. @default Application Default Credentials */
  accessToken?: string;
  /** The JSON of a key or of a federated identity; a secret, as `accessToken`. */
  credentials?: string;
  /** API → base URL without a path, where `gcp:*CustomEndpoint` names another one. */
  endpoints?: { run?: string; monitoring?: string };
}

/** How the candidate proves itself before it gets production traffic. */
export interface GateInputs {
  /** URL of the health endpoint, reached without production traffic (ECS: the test rule). */
  url: string;
  /** Header that selects the test rule. Its value is a secret. */
  header?: { name: string; value: string };
  /**
   * Audience of an identity token that the probes carry: the URL of a Cloud Run service that lets nobody in without
   * one. @default none is asked for
   */
  audience?: string;
  /**
   * Where requests have to come from, in words: who is elsewhere is answered with HTTP 404, and takes the cloud's word
   * instead. @default anywhere
   */
  onlyFrom?: string;
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

/** How long, and by what, the release is watched while it takes production traffic and can still be undone. */
export interface BakeInputs {
  /** Minutes with all production traffic before the release counts as live. */
  minutes: number;
  /** Production traffic of the candidate after each step, in percent: rising, ending at 100. */
  steps: number[];
  /** Minutes with a part of the production traffic, at every step before the last. */
  stepMinutes: number;
  /** The alarms that undo the release when one of the candidate's own fires. */
  alarms: AlarmInput[];
  /** Pause between two looks, in seconds. */
  intervalSeconds: number;
  analysis: AnalysisInputs;
}

export interface AlarmInput {
  name: string;
  /** The cloud's own name of the traffic that it watches; on ECS the target group's ARN. */
  watches: string;
}

/** What a candidate is allowed. */
export interface AnalysisLimits {
  /**
   * Requests that the candidate must have had before it can be called good. `errorPercent` of them should be several
   * requests, or a single error undoes a release.
   */
  minimumRequests: number;
  /** Share of the candidate's requests that may be answered with a 5xx, in percent. */
  errorPercent: number;
  /** By how much slower the candidate's percentiles may be than the live release's, in percent of those. */
  latencyPercent: number;
  /** By how much slower they may be in any case, in seconds: smaller differences never count. */
  latencySeconds: number;
  /** Probability, in (0, 1), with which one look may find a difference in latency where there is none. */
  significance: number;
  /**
   * What its latency may never be for long, whatever the live release's is. An alarm on the same figures may say so a
   * moment after the bake has ended, and some clouds tell nobody what their alarms say.
   *
   * @default none: only the alarms in {@link BakeInputs.alarms} watch it
   */
  objective?: LatencyObjective;
}

/** What an alarm on the latency says: so many minutes in a row with a 95th percentile above a limit are too many. */
export interface LatencyObjective {
  /** 95th percentile of the response time that a release may need, in seconds. */
  p95Seconds: number;
  /** Minutes in a row that are too many. */
  minutes: number;
}

/** What a candidate's figures under traffic are held against, and what happens while there are too few. */
export interface AnalysisInputs extends AnalysisLimits {
  /** Minutes on top of a bake or step that wait for figures while there are too few of them. */
  patienceMinutes: number;
  /** The verdict when there are still too few. */
  inconclusive: "continue" | "rollBack";
}

/** The last word: the public URL itself has to answer with the new release. */
export interface ProofInputs {
  /** Public URL; any response that carries {@link releaseHeader} will do. */
  url: string;
  /** As {@link GateInputs.audience}. */
  audience?: string;
  /** As {@link GateInputs.onlyFrom}. */
  onlyFrom?: string;
  /** Answers in a row that must name the release. */
  consecutiveAnswers: number;
  intervalSeconds: number;
  timeoutSeconds: number;
  deadlineMinutes: number;
}

/** Outputs: the inputs, and what is live. */
export interface PromotionOutputs extends PromotionInputs {
  /** Absent where nothing has ever gone live. */
  live?: LiveRelease;
  /**
   * What became of the last promotions, newest first; at most {@link historyLength}. However many have failed since,
   * the last few that went live are among them.
   */
  history: PromotionRecord[];
  /** What somebody changed by hand, in words; empty where the cloud is as the promotion left it. */
  drift: string[];
}

/** Promotions that are kept in {@link PromotionOutputs.history}. */
export const historyLength = 20;

/** What takes the production traffic. */
export interface LiveRelease {
  /** Its release id, or `unknown` where the revision does not tell. */
  release: string;
  /** The cloud's own name of it: on ECS the task definition's ARN, on Cloud Run the name of the revision. */
  revision: string;
  /** {@link EcsDeploymentInputs.configuration} that it was promoted with; `unknown` where it was not promoted. */
  configuration: string;
  /** When it became live, ISO 8601. */
  since: string;
}

/** One promotion that is over. A release can be gone back to when one of its records says `live`. */
export interface PromotionRecord {
  release: string;
  revision: string;
  configuration: string;
  /** `repository@sha256:…` */
  image: string;
  /** Release that was live before; absent where nothing was. */
  from?: string;
  /** Who ran it: a CI system's actor, or user and host. */
  by: string;
  /** ISO 8601. */
  startedAt: string;
  endedAt: string;
  /** `undone`: traffic is, or is on its way, back where it was. `failed`: nobody knows, or nothing could be undone. */
  verdict: "live" | "undone" | "failed";
  /** The check that failed, with what it measured; absent when it went live. */
  reason?: string;
  /** What was measured under production traffic; absent where it had none. */
  figures?: TrafficSummary;
}

/** The candidate's figures under production traffic, and those that they were compared with. */
export interface TrafficSummary {
  requests: number;
  errorPercent: number;
  /** 95th percentile of the response time in seconds; absent without traffic. */
  p95?: number;
  /** The same of what it was compared with. */
  baselineP95?: number;
}
