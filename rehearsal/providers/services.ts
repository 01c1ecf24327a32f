import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  PutMetricAlarmInput,
} from "@aws-sdk/client-cloudwatch";
import type { AutoScaling } from "../cloud/ec2/autoScaling.ts";
import type { Ecs } from "../cloud/ecs/ecs.ts";
import type { LoadBalancing } from "../cloud/elb/loadBalancing.ts";
import type { Registry } from "../cloud/registry.ts";
import type { CloudRun } from "../cloud/run/cloudRun.ts";
import type { Image } from "../container/image.ts";

/** What the behaving resource types act on: the parts of the emulated cloud, as far as they are asked. */
export interface Services {
  loadBalancing: Pick<
    LoadBalancing,
    | "createLoadBalancer"
    | "deleteLoadBalancer"
    | "describeLoadBalancers"
    | "modifyLoadBalancerAttributes"
    | "createTargetGroup"
    | "modifyTargetGroup"
    | "modifyTargetGroupAttributes"
    | "deleteTargetGroup"
    | "describeTargetGroups"
    | "createListener"
    | "modifyListener"
    | "deleteListener"
    | "describeListeners"
    | "createRule"
    | "modifyRule"
    | "deleteRule"
    | "describeRules"
    | "setRulePriorities"
    | "inventory"
  >;
  ecs: Pick<
    Ecs,
    | "createCluster"
    | "deleteCluster"
    | "createCapacityProvider"
    | "deleteCapacityProvider"
    | "putClusterCapacityProviders"
    | "registerTaskDefinition"
    | "deregisterTaskDefinition"
    | "describeTaskDefinition"
    | "createService"
    | "updateService"
    | "deleteService"
    | "describeServices"
    | "tagResource"
    | "untagResource"
    | "inventory"
  >;
  autoScaling: Pick<
    AutoScaling,
    | "createLaunchTemplate"
    | "createLaunchTemplateVersion"
    | "deleteLaunchTemplate"
    | "createAutoScalingGroup"
    | "updateAutoScalingGroup"
    | "describeAutoScalingGroups"
    | "deleteAutoScalingGroup"
    | "inventory"
  >;
  cloudwatch: {
    putMetricAlarm(input: PutMetricAlarmInput): Promise<unknown>;
    deleteAlarms(input: DeleteAlarmsInput): Promise<unknown>;
    describeAlarms(input: DescribeAlarmsInput): Promise<DescribeAlarmsOutput>;
  };
  run: Pick<
    CloudRun,
    | "createService"
    | "updateService"
    | "deleteService"
    | "listServices"
    | "waitOperation"
    | "inventory"
  >;
  registry: Pick<Registry, "push" | "list" | "remove" | "removeBelow">;
  buildImage(build: ImageBuild): Promise<Image>;
}

export interface ImageBuild {
  context: string;
  dockerfile: string;
  buildArgs?: Record<string, string>;
  target?: string;
}
