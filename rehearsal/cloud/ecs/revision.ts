import type { LoadBalancer, TaskDefinition } from "@aws-sdk/client-ecs";
import { releaseVariable } from "../../../provider/messages.ts";
import type { Alias } from "./serviceConnect.ts";
import type { ServiceSpec } from "./serviceSpec.ts";
import type { TaskSet } from "./taskSet.ts";
import type { Routing } from "./traffic.ts";

/** A service revision: an unchangeable record of what a deployment brings, and the tasks that carry it. */
export interface Revision {
  arn: string;
  spec: ServiceSpec;
  definition: TaskDefinition;
  createdAt: number;
  /** What its tasks find, now and later: what could be called when it was made. */
  aliases: readonly Alias[];
  /** `ecs-svc/…`: what DescribeServices calls a deployment. */
  deploymentId: string;
  /** Set once it has been decided which target group is its own. */
  targetGroupArn?: string;
  routing?: Routing;
  taskSet?: TaskSet;
  productionPercent: number;
  testPercent: number;
}

/** What the revision says of its release; without the variable, the task definition stands in. */
export function releaseOf({ containerDefinitions, family, revision }: TaskDefinition): string {
  const variable = containerDefinitions?.[0]?.environment?.find(
    ({ name }) => name === releaseVariable,
  );
  return variable?.value ?? `${family}:${revision}`;
}

export function loadBalancerOf({ spec }: Revision): LoadBalancer | undefined {
  return spec.loadBalancers[0];
}
