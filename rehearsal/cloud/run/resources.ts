/**
 * The resources of the Cloud Run Admin API v2 as its REST JSON has them, as far as they are rehearsed: enums by name,
 * int64 as strings, durations such as `300s`, times in RFC 3339. What is zero, false or empty may be absent.
 */

export interface ServiceInput {
  /** Full name; of a new service it is made from the request. */
  name?: string;
  description?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  client?: string;
  clientVersion?: string;
  ingress?: string;
  launchStage?: string;
  binaryAuthorization?: object;
  template?: RevisionTemplate;
  traffic?: TrafficTarget[];
  scaling?: ServiceScaling;
  invokerIamDisabled?: boolean;
  defaultUriDisabled?: boolean;
  customAudiences?: string[];
  etag?: string;
}

export interface Service extends ServiceInput {
  name: string;
  uid: string;
  generation: string;
  observedGeneration?: string;
  createTime: string;
  updateTime: string;
  creator: string;
  lastModifier: string;
  terminalCondition: Condition;
  conditions: Condition[];
  latestReadyRevision?: string;
  latestCreatedRevision?: string;
  trafficStatuses?: TrafficTargetStatus[];
  uri?: string;
  urls?: string[];
  reconciling?: boolean;
  etag: string;
}

export interface ServiceScaling {
  minInstanceCount?: number;
  maxInstanceCount?: number;
  scalingMode?: string;
  manualInstanceCount?: number;
}

export interface RevisionTemplate {
  revision?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  scaling?: RevisionScaling;
  vpcAccess?: object;
  /** A request's longest time, such as `300s`. */
  timeout?: string;
  serviceAccount?: string;
  containers?: RunContainer[];
  volumes?: object[];
  executionEnvironment?: string;
  maxInstanceRequestConcurrency?: number;
  sessionAffinity?: boolean;
  healthCheckDisabled?: boolean;
}

export interface RevisionScaling {
  minInstanceCount?: number;
  maxInstanceCount?: number;
}

export interface RunContainer {
  name?: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: EnvVar[];
  resources?: Resources;
  ports?: { name?: string; containerPort?: number }[];
  volumeMounts?: object[];
  workingDir?: string;
  livenessProbe?: RunProbe;
  startupProbe?: RunProbe;
  readinessProbe?: RunProbe;
  dependsOn?: string[];
}

export interface EnvVar {
  name?: string;
  value?: string;
  valueSource?: { secretKeyRef?: { secret?: string; version?: string } };
}

export interface Resources {
  /** `cpu` such as `1`, `0.5` or `1000m`, `memory` such as `512Mi`. */
  limits?: Record<string, string>;
  cpuIdle?: boolean;
  startupCpuBoost?: boolean;
}

export interface RunProbe {
  initialDelaySeconds?: number;
  timeoutSeconds?: number;
  periodSeconds?: number;
  failureThreshold?: number;
  successThreshold?: number;
  httpGet?: { path?: string; port?: number; httpHeaders?: { name?: string; value?: string }[] };
  tcpSocket?: { port?: number };
  grpc?: { port?: number; service?: string };
}

export const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
export const byRevision = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

export interface TrafficTarget {
  type?: string;
  /** Short name. */
  revision?: string;
  percent?: number;
  tag?: string;
}

export interface TrafficTargetStatus extends TrafficTarget {
  /** Of a target with a tag. */
  uri?: string;
}

export type ConditionState =
  | "CONDITION_PENDING"
  | "CONDITION_RECONCILING"
  | "CONDITION_FAILED"
  | "CONDITION_SUCCEEDED";

export interface Condition {
  type: string;
  state: ConditionState;
  message?: string;
  lastTransitionTime: string;
  severity?: string;
  reason?: string;
  revisionReason?: string;
}

export interface Revision extends Omit<RevisionTemplate, "revision" | "healthCheckDisabled"> {
  /** Full name. */
  name: string;
  uid: string;
  generation: string;
  observedGeneration?: string;
  createTime: string;
  updateTime: string;
  /** Full name of its service. */
  service: string;
  reconciling?: boolean;
  conditions: Condition[];
  logUri: string;
  creator: string;
  etag: string;
}

/** A long-running operation. */
export interface Operation {
  name: string;
  metadata: object;
  done?: boolean;
  error?: { code: number; message: string; details?: readonly object[] };
  response?: object;
}
