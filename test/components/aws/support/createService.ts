import { EcsService, type EcsServiceArgs } from "../../../../components/aws/ecsService.ts";
import { prepareBeforeUpdate } from "../../../../components/aws/prepareBeforeUpdate.ts";
import { ServiceTraffic } from "../../../../components/aws/serviceTraffic.ts";
import { targetCheck } from "../../../../components/healthChecks.ts";
import { defaultHealth } from "../../../../components/healthSpec.ts";
import { defaultRollout, type RolloutPlan } from "../../../../components/rolloutPlan.ts";
import { type Recording, record } from "../../../support/mocks.ts";

export const serviceType = "aws:ecs/service:Service";
export const ruleType = "aws:lb/listenerRule:ListenerRule";
export const groupType = "aws:lb/targetGroup:TargetGroup";
const tags = { CostCentre: "4711" };

export interface Changes {
  path?: string;
  subnetIds?: string[];
  taskDefinitionArn?: string;
  plan?: RolloutPlan;
  container?: { name: string; port: number };
  securityGroups?: string[];
  stickySessionSeconds?: number;
  tasks?: EcsServiceArgs["tasks"];
  /** Undefined: nothing, and nobody is asked. */
  beforeUpdate?: EcsServiceArgs["beforeUpdate"];
  serviceConnect?: EcsServiceArgs["serviceConnect"];
  after?: EcsServiceArgs["after"];
}

/** A service on mocks, with its traffic. */
export function createService(changes?: Changes): Promise<Recording<EcsService>> {
  return record(() => newService(changes));
}

/** A service with its traffic, in the program that runs. */
export function newService({
  path = "/",
  plan = defaultRollout,
  stickySessionSeconds = 0,
  ...changes
}: Changes = {}): EcsService {
  const traffic = new ServiceTraffic("platform", {
    vpcId: "vpc-1",
    listenerArn: "listener-arn",
    path,
    priorities: { test: 10, production: 110 },
    check: targetCheck(defaultHealth, path),
    deregistrationDelaySeconds: 60,
    stickySessionSeconds,
    tags,
  });
  return new EcsService("platform", {
    cluster: { arn: "cluster-arn", name: "symphainy" },
    capacityProviderStrategy: [{ capacityProvider: "capacity", weight: 1 }],
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b"],
    loadBalancerGroupId: "sg-lb",
    loadBalancer: "app/lb/1",
    traffic,
    taskDefinitionArn: "task-definition:1",
    container: { name: "platform", port: 8000 },
    tasks: { min: 2, max: 4, targetCpuPercent: 60 },
    startAllowanceSeconds: 95,
    plan,
    alarms: ["errors", "latency"],
    beforeUpdate: prepareBeforeUpdate("platform", {
      connection: { region: "eu-central-1" },
      tasks: { min: 2, max: 4 },
    }),
    tags,
    ...changes,
  });
}
