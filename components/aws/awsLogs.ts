import type * as pulumi from "@pulumi/pulumi";

/** Where containers write their logs. */
export interface LogTarget<T = pulumi.Input<string>> {
  /** Name of the log group. */
  group: T;
  region: string;
}

/** What has a container write to CloudWatch Logs, as ECS takes it; its streams are called `prefix/…`. */
export function awsLogs<T>({ group, region, prefix }: LogTarget<T> & { prefix: string }) {
  return {
    logDriver: "awslogs" as const,
    options: {
      "awslogs-group": group,
      "awslogs-region": region,
      "awslogs-stream-prefix": prefix,
      // A log service that doesn't answer must not stop the platform from answering.
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}
