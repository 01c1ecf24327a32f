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

/**
 * Who runs the next task: first whoever has not got its base, then whoever is furthest behind its weight.
 *
 * @param running - how many tasks each has, by its name.
 */
export function nextShare<Kind extends Share>(
  shares: readonly Kind[],
  running: Readonly<Record<string, number>>,
): Kind | undefined {
  const needy = shares.find(({ name, base }) => (running[name] ?? 0) < base);
  if (needy) return needy;
  const filling = ({ name, base, weight }: Kind) => ((running[name] ?? 0) - base + 1) / weight;
  return shares
    .filter(({ weight }) => weight > 0)
    .reduce<Kind | undefined>(
      (best, share) => (best && filling(best) <= filling(share) ? best : share),
      undefined,
    );
}
