import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** From a time on, again and again, at least so many tasks. */
export interface ScheduledMinimum {
  /** Six fields: minutes, hours, day of the month, month, day of the week, year; `?` for one of the days. */
  cron: string;
  /** IANA name of the zone whose clocks it goes by. */
  timezone: string;
  /** Tasks that are kept from then on. */
  min: number;
}

/** Lets Application Auto Scaling set a scalable target's smallest number of tasks at such times. */
export function scheduleMinimum(
  name: string,
  { cron, timezone, min }: ScheduledMinimum,
  { serviceNamespace, scalableDimension, resourceId }: aws.appautoscaling.Target,
  opts: pulumi.CustomResourceOptions,
): aws.appautoscaling.ScheduledAction {
  return new aws.appautoscaling.ScheduledAction(
    name,
    {
      serviceNamespace,
      scalableDimension,
      resourceId,
      schedule: `cron(${cron})`,
      timezone,
      scalableTargetAction: { minCapacity: min },
    },
    opts,
  );
}
