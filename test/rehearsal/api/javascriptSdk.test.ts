import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServiceDeploymentsCommand,
  ECSClient,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "chai";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import { AwsError } from "../../../rehearsal/cloud/awsError.ts";
import { arn, FakeServices, someTime } from "./fakeServices.ts";

describe("the cloud's API, asked by the JavaScript SDK", () => {
  let api: ServedApi;
  let fake: FakeServices;
  let throttled: string[];
  let ecs: ECSClient;
  let elb: ElasticLoadBalancingV2Client;
  let cloudwatch: CloudWatchClient;

  beforeEach(async () => {
    fake = new FakeServices();
    throttled = [];
    api = await startCloudApi({
      ecs: fake.ecs,
      loadBalancing: fake.loadBalancing,
      cloudwatch: fake.cloudwatch,
      intercept: (service, operation) => {
        const index = throttled.indexOf(`${service}.${operation}`);
        if (index < 0) return;
        throttled.splice(index, 1);
        throw new AwsError("ThrottlingException", "Rate exceeded");
      },
    });
    const config = { ...configOf(api), maxAttempts: 1 };
    ecs = new ECSClient(config);
    elb = new ElasticLoadBalancingV2Client(config);
    cloudwatch = new CloudWatchClient(config);
  });

  afterEach(async () => {
    for (const client of [ecs, elb, cloudwatch]) client.destroy();
    await api.close();
  });

  it("answers ECS, with times", async () => {
    const input = { serviceDeploymentArns: [arn] };
    const { serviceDeployments, failures } = await ecs.send(
      new DescribeServiceDeploymentsCommand(input),
    );
    expect(fake.inputs).to.deep.equal([input]);
    expect(failures).to.deep.equal([]);
    expect(serviceDeployments?.[0]).to.deep.include({
      serviceDeploymentArn: arn,
      createdAt: someTime,
      alarms: { status: "MONITORING", alarmNames: ["a < b & c"] },
    });
  });

  it("hands nested input of ECS on as it is", async () => {
    const input = {
      serviceName: "s",
      desiredCount: 2,
      deploymentConfiguration: {
        strategy: "BLUE_GREEN" as const,
        bakeTimeInMinutes: 0,
        lifecycleHooks: [{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT" as const] }],
      },
    };
    const error = await failure(ecs.send(new CreateServiceCommand(input)));
    expect(fake.inputs).to.deep.equal([input]);
    expect(error.name).to.equal("ClusterNotFoundException");
    expect(error.message).to.equal("Cluster not found.");
  });

  it("carries the load balancers' lists, numbers, booleans and texts", async () => {
    const rule = {
      ListenerArn: "l",
      Priority: 10,
      Conditions: [
        { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x", Values: ["a", "b&c"] } },
      ],
      Actions: [
        {
          Type: "forward" as const,
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: "blue", Weight: 100 },
              { TargetGroupArn: "green", Weight: 0 },
            ],
            TargetGroupStickinessConfig: { Enabled: false },
          },
        },
      ],
    };
    const { Rules } = await elb.send(new CreateRuleCommand(rule));
    expect(Rules).to.deep.equal([{ RuleArn: "rule", Priority: "1", IsDefault: false }]);
    const group = { Name: "g", Port: 80, HealthCheckPort: "8080", Matcher: { HttpCode: "200" } };
    const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(group));
    expect(fake.inputs).to.deep.equal([rule, group]);
    expect(TargetGroups).to.deep.equal([
      {
        TargetGroupName: "a<b>&c",
        Port: 80,
        HealthCheckEnabled: true,
        Matcher: { HttpCode: "200" },
        LoadBalancerArns: [],
      },
    ]);
  });

  it("gives the query protocol's errors their classes", async () => {
    const error = await failure(
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: "none" })),
    );
    expect(error.name).to.equal("TargetGroupNotFoundException");
    expect(error.message).to.equal("no <such> group");
  });

  it("answers CloudWatch, with numbers and times both ways", async () => {
    const { MetricAlarms } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ["a"] }),
    );
    expect(MetricAlarms).to.deep.equal([
      { AlarmName: "a", Threshold: 1.5, StateValue: "OK", StateUpdatedTimestamp: someTime },
      { AlarmName: "b", EvaluationPeriods: 3, ActionsEnabled: true },
    ]);
    const query = { StartTime: someTime, EndTime: someTime, MetricDataQueries: [{ Id: "m" }] };
    const { MetricDataResults } = await cloudwatch.send(new GetMetricDataCommand(query));
    expect(fake.inputs[1]).to.deep.equal(query);
    expect(MetricDataResults?.[0]?.Timestamps).to.deep.equal([someTime]);
    expect(MetricDataResults?.[0]?.Values).to.deep.equal([0.25]);
    const error = await failure(cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ["x"] })));
    expect(error.name).to.contain("ResourceNotFound");
  });

  it("says where an operation would be added that it does not know", async () => {
    const error = await failure(ecs.send(new ListTasksCommand({})));
    expect(error.message).to.contain("ListTasks is not rehearsed");
    expect(error.message).to.contain("rehearsal/cloud/ecs/ a method listTasks");
  });

  it("shows a failure of its own as the cloud's, with its place", async () => {
    const error = await failure(ecs.send(new DeleteServiceCommand({ service: "s" })));
    expect(error.name).to.equal("InternalFailure");
    expect(error.message).to.contain("a bug of the emulation");
  });

  it("lets faults be put in front of a service, which the client gets over by itself", async () => {
    throttled = ["ecs.DescribeServiceDeployments"];
    const once = await failure(
      ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })),
    );
    expect(once.name).to.equal("ThrottlingException");
    expect(fake.inputs).to.deep.equal([]);

    throttled = ["ecs.DescribeServiceDeployments"];
    const patient = new ECSClient({ ...configOf(api), maxAttempts: 3 });
    const { serviceDeployments } = await patient.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    expect(serviceDeployments).to.have.length(1);
    patient.destroy();
  });

  it("tells who asks in another protocol what it serves", async () => {
    const response = await fetch(`${api.url}/bucket`);
    expect(response.status).to.equal(404);
    expect(await response.text()).to.contain("GET /bucket is in no protocol");
  });
});

function configOf({ url }: ServedApi) {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  return { endpoint: url, region: "eu-central-1", credentials };
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail");
}
