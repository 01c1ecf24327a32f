import type { ManagedScaling } from "@aws-sdk/client-ecs";

/** A capacity provider as placement sees it, with its part in a service's strategy. */
export type Provider = InstanceProvider | FargateProvider;

/** Instances of an Auto Scaling group. */
export interface InstanceProvider extends Share {
  kind: "instances";
  autoScalingGroupArn: string;
  managedScaling: ManagedScaling;
}

/** AWS Fargate, on demand or Spot. */
export interface FargateProvider extends Share {
  kind: "fargate";
}

/** A part of a service's tasks. */
export interface Share {
  name: string;
  /** Tasks that come before the weights count. */
  base: number;
  weight: number;
}

/** The capacity providers that every account has. */
export const fargateProviders: readonly string[] = ["FARGATE", "FARGATE_SPOT"];

/** What ECS calls the tasks of these providers. */
export function launchTypeOf(providers: readonly Provider[]): "EC2" | "FARGATE" {
  return providers.some(({ kind }) => kind === "fargate") ? "FARGATE" : "EC2";
}
