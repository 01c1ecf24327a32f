import type {
  Action,
  Rule,
  TargetDescription,
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../../provider/clock.ts";
import type { Container, ContainerSpec } from "../../container/container.ts";
import type { Image } from "../../container/image.ts";
import type { CallRoute } from "../elb/calls.ts";
import type { Journal } from "../journal.ts";

/** Where images come from. `Registry` fits. */
export interface ImageSource {
  /** @throws AwsError CannotPullContainerError. */
  pull(reference: string): Image;
}

/** What the deployment controller and the tasks ask of the load balancers. `LoadBalancing` fits. */
export interface TrafficPort {
  describeRules(input: { RuleArns: string[] }): Promise<{ Rules?: Rule[] }>;
  modifyRule(input: { RuleArn: string; Actions: Action[] }): Promise<unknown>;
  describeTargetGroups(input: { TargetGroupArns: string[] }): Promise<{
    TargetGroups?: TargetGroup[];
  }>;
  registerTargets(input: TargetsInput): Promise<unknown>;
  deregisterTargets(input: TargetsInput): Promise<unknown>;
  describeTargetHealth(input: { TargetGroupArn: string }): Promise<{
    TargetHealthDescriptions?: TargetHealthDescription[];
  }>;
  /** Says on which loopback port the process behind a task's address listens. */
  mapAddress(ip: string, port: number): Promise<unknown>;
  /** Nothing listens there any more. */
  unmapAddress(ip: string): Promise<unknown>;
  /** Says where calls between services go. @returns id of a route → loopback port where its calls are taken. */
  applyCalls(routes: readonly CallRoute[]): Promise<Record<string, number>>;
}

export interface TargetsInput {
  TargetGroupArn: string;
  Targets: TargetDescription[];
}

export interface Subnet {
  id: string;
  cidrBlock: string;
  availabilityZone: string;
}

/** The network as far as tasks and instances live in it. */
export type SubnetLookup = (subnetId: string) => Subnet | undefined;

/** What security groups let through, as far as calls between tasks go. */
export interface Reach {
  /** Security groups of who calls, and of who is called. */
  from: readonly string[];
  to: readonly string[];
  toAddress: string;
  port: number;
}

/** Identifiers that follow from the seed. */
export interface Ids {
  /** @param length - number of lower-case hexadecimal digits. */
  hex(length: number): string;
}

/** A container instance, once it has booted. */
export interface PoolInstance {
  instanceId: string;
  availabilityZone: string;
  instanceType: string;
  /** The cluster that its user data joins. */
  clusterName: string;
  /** False while it boots. */
  active: boolean;
  /** Cloud time in milliseconds since the Unix epoch. */
  launchedAt: number;
}

export interface PoolGroup {
  arn: string;
  name: string;
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  instanceType: string;
  protectedFromScaleIn: boolean;
}

/** The instances that tasks are placed on. `AutoScaling` fits. */
export interface InstancePool {
  group(nameOrArn: string): PoolGroup | undefined;
  /** Those that boot or run, oldest first. */
  instances(nameOrArn: string): readonly PoolInstance[];
  setDesired(nameOrArn: string, capacity: number): void;
  /** Terminates an instance and lowers the desired capacity by one. */
  removeInstance(instanceId: string): void;
  /** @returns a function that ends the subscription. */
  onChange(listener: () => void): () => void;
}

/** What everything inside the control plane works with. */
export interface EcsContext {
  clock: Clock;
  journal: Journal;
  /** Cloud seconds per real second. */
  speed: number;
  registry: ImageSource;
  loadBalancing: TrafficPort;
  autoScaling: InstancePool;
  subnets: SubnetLookup;
  /** Whether there is a Cloud Map namespace of this ARN. */
  namespaces: (arn: string) => boolean;
  /** Whether security groups let a call through. */
  reaches: (reach: Reach) => boolean;
  startContainer: (spec: ContainerSpec) => Promise<Container>;
  /** Value of a secret by its ARN; undefined: there is none. */
  secrets: (valueFrom: string) => string | undefined;
  ids: Ids;
  region: string;
  account: string;
  limits: EcsLimits;
  sabotage: EcsSabotage;
  /** Aborts when the control plane closes. */
  signal: AbortSignal;
}

/** Waits of the control plane itself, in cloud seconds. */
export interface EcsLimits {
  /** Between two looks at the targets' health while some are not healthy. */
  healthPollSeconds: number;
  /** Longest life-cycle stage; then the deployment rolls back. */
  stageSeconds: number;
  /** From a task that has no place to the group's new desired capacity: the metric has one point a minute. */
  scaleOutSeconds: number;
  /** How long an instance must be empty before it goes: 15 points, one a minute. */
  scaleInSeconds: number;
  /** From a task's start until Fargate has a machine for it, with its network interface. */
  fargateSeconds: number;
  /** From the end of an instance until ECS knows that its tasks are gone. */
  instanceLossSeconds: number;
  /** Longest pause between two attempts to start a task. */
  restartBackoffSeconds: number;
  /** On top of a service's grace period: what processes need their real time for, in cloud seconds. */
  startSeconds: number;
}

/** Protections that the rehearsal takes away one at a time, to see that somebody notices. */
export interface EcsSabotage {
  /** A pause that times out continues, whatever its time-out action. */
  pauseTimeoutContinues?: boolean;
  /** Nobody asks the containers' own health checks. */
  ignoreHealth?: boolean;
  /** A roll-back is reported as done, and nothing is moved back. */
  revertDoesNothing?: boolean;
  /** A task takes nothing new any more from SIGTERM on, whoever still sends it something. */
  deafAfterSigterm?: boolean;
  /** Calls between services stay with the tasks that were called first, whatever becomes of these. */
  callsStayBehind?: boolean;
}
