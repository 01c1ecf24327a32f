import * as pulumi from "@pulumi/pulumi";
import {
  below,
  type ContainerCheck,
  containerCheck,
  type InstanceProbes,
  instanceProbes,
  startAllowanceSeconds,
  type TargetCheck,
  targetCheck,
} from "./healthChecks.ts";
import type { HealthSpec } from "./healthSpec.ts";

export interface HealthMonitorArgs {
  /** The one health contract of the service. */
  health: HealthSpec;
  /** Public path prefix below which the service answers, its health endpoint included. */
  path: string;
}

/**
 * The one place where a service's health contract becomes checks. Whatever watches the service is
 * made from this, and the alarms that a promotion looks at are its children.
 */
export class HealthMonitor extends pulumi.ComponentResource {
  readonly health: HealthSpec;
  /** What the container runtime does. */
  readonly container: ContainerCheck;
  /** What the load balancer does. */
  readonly target: TargetCheck;
  /** What Cloud Run does, which is both of them. */
  readonly probes: InstanceProbes;
  /** Public path of the health endpoint. */
  readonly publicPath: string;
  /** Seconds for which the load balancer's verdict on a new task doesn't count. */
  readonly startAllowanceSeconds: number;

  constructor(name: string, args: HealthMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:index:HealthMonitor", name, {}, opts);
    this.health = args.health;
    this.container = containerCheck(args.health);
    this.target = targetCheck(args.health, args.path);
    this.probes = instanceProbes(args.health, args.path);
    this.publicPath = below(args.path, args.health.path);
    this.startAllowanceSeconds = startAllowanceSeconds(args.health);
    this.registerOutputs({});
  }
}
