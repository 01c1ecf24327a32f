import type {
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import type {
  CreateServiceCommandInput,
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceDeploymentsCommandOutput,
} from "@aws-sdk/client-ecs";
import type {
  CreateRuleCommandInput,
  CreateRuleCommandOutput,
  CreateTargetGroupCommandInput,
  CreateTargetGroupCommandOutput,
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../../rehearsal/cloud/awsError.ts";

type Output<T> = Omit<T, "$metadata">;

export const someTime = new Date("2026-03-01T12:34:56.500Z");
export const arn = "arn:aws:ecs:eu-central-1:123456789012:service-deployment/c/s/x";

/** Services that remember what they were asked. */
export class FakeServices {
  readonly inputs: unknown[] = [];

  readonly ecs = {
    describeServiceDeployments: async (
      input: DescribeServiceDeploymentsCommandInput,
    ): Promise<Output<DescribeServiceDeploymentsCommandOutput>> => {
      this.inputs.push(input);
      return {
        serviceDeployments: [
          {
            serviceDeploymentArn: arn,
            createdAt: someTime,
            status: "IN_PROGRESS",
            sourceServiceRevisions: [{ arn: "a", runningTaskCount: 2 }],
            alarms: { status: "MONITORING", alarmNames: ["a < b & c"] },
          },
        ],
        failures: [],
      };
    },
    createService: async (input: CreateServiceCommandInput): Promise<object> => {
      this.inputs.push(input);
      throw new AwsError("ClusterNotFoundException", "Cluster not found.");
    },
    deleteService: async (): Promise<object> => {
      throw new TypeError("a bug of the emulation");
    },
  };

  readonly loadBalancing = {
    createTargetGroup: async (
      input: CreateTargetGroupCommandInput,
    ): Promise<Output<CreateTargetGroupCommandOutput>> => {
      this.inputs.push(input);
      return {
        TargetGroups: [
          {
            TargetGroupName: "a<b>&c",
            Port: 80,
            HealthCheckEnabled: true,
            Matcher: { HttpCode: "200" },
            LoadBalancerArns: [],
          },
        ],
      };
    },
    createRule: async (input: CreateRuleCommandInput): Promise<Output<CreateRuleCommandOutput>> => {
      this.inputs.push(input);
      return { Rules: [{ RuleArn: "rule", Priority: "1", IsDefault: false }] };
    },
    describeTargetHealth: async (
      input: DescribeTargetHealthCommandInput,
    ): Promise<Output<DescribeTargetHealthCommandOutput>> => {
      this.inputs.push(input);
      throw new AwsError("TargetGroupNotFoundException", "no <such> group");
    },
  };

  readonly cloudwatch = {
    putMetricAlarm: async (input: PutMetricAlarmCommandInput): Promise<object> => {
      this.inputs.push(input);
      return {};
    },
    describeAlarms: async (
      input: DescribeAlarmsCommandInput,
    ): Promise<Output<DescribeAlarmsCommandOutput>> => {
      this.inputs.push(input);
      return {
        MetricAlarms: [
          { AlarmName: "a", Threshold: 1.5, StateValue: "OK", StateUpdatedTimestamp: someTime },
          { AlarmName: "b", EvaluationPeriods: 3, ActionsEnabled: true },
        ],
        CompositeAlarms: [],
      };
    },
    getMetricData: async (
      input: GetMetricDataCommandInput,
    ): Promise<Output<GetMetricDataCommandOutput>> => {
      this.inputs.push(input);
      return {
        MetricDataResults: [
          { Id: "m", Timestamps: [someTime], Values: [0.25], StatusCode: "Complete" },
        ],
      };
    },
    deleteAlarms: async (): Promise<object> => {
      throw new AwsError("ResourceNotFound", "There is no alarm x", 404);
    },
  };
}
