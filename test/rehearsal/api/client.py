"""Asks the API through boto3, which nobody here wrote, and prints what it understood as JSON."""

import datetime
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

url = sys.argv[1]


def client(name):
    return boto3.client(
        name,
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"max_attempts": 0}),
    )


def error_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["Error"]["Message"]]
    return "no error"


def plain(value):
    return value.astimezone(datetime.timezone.utc).isoformat()


ecs, elb, cloudwatch = client("ecs"), client("elbv2"), client("cloudwatch")
deployment = ecs.describe_service_deployments(serviceDeploymentArns=["x"])
alarms = cloudwatch.describe_alarms(AlarmNames=["a"])
start = datetime.datetime(2026, 3, 1, 12, 0, 0, tzinfo=datetime.timezone.utc)
data = cloudwatch.get_metric_data(
    StartTime=start, EndTime=start, MetricDataQueries=[{"Id": "m", "Expression": "1"}]
)
cloudwatch.put_metric_alarm(
    AlarmName="a", Threshold=2.5, EvaluationPeriods=1, ComparisonOperator="LessThanThreshold"
)
group = elb.create_target_group(Name="g", Port=80, HealthCheckEnabled=True)
for response in (deployment, alarms, data, group):
    del response["ResponseMetadata"]
result = {
    "deployment": deployment,
    "alarms": alarms,
    "data": data,
    "group": group,
    "errors": [
        error_of(ecs.create_service, serviceName="s"),
        error_of(elb.describe_target_health, TargetGroupArn="none"),
        error_of(cloudwatch.delete_alarms, AlarmNames=["x"]),
        error_of(cloudwatch.set_alarm_state, AlarmName="x", StateValue="OK", StateReason="x"),
    ],
}
print(json.dumps(result, default=plain))
