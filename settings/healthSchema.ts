import { z } from "zod";
import { defaultHealth } from "../components/healthSpec.ts";
import { text, whole } from "./fields.ts";

const probe = defaultHealth.loadBalancer;

const loadBalancerFields = {
  intervalSeconds: whole(5, 300, "seconds", "Seconds between two checks by the load balancer."),
  timeoutSeconds: whole(2, 120, "seconds", "Less than the interval."),
  healthyThreshold: whole(2, 10, "", "Successes in a row that make a target healthy."),
  unhealthyThreshold: whole(2, 10, "", "Failures in a row that make a target unhealthy."),
};

const fields = {
  path: text(/^\/[\w$.\-/~@%&'()*+,;=:!]{0,1023}$/, {
    description: "Answers 200 while the health is at least the threshold, and 503 below it.",
    allowed: "a path of at most 1024 characters that starts with / and has no query",
  }),
  command: z
    .array(z.string().min(1).meta({ description: "A word.", allowed: "a text that is not empty" }))
    .refine(([kind, ...words]) =>
      kind === "CMD-SHELL" ? words.length === 1 : kind === "CMD" && words.length > 0,
    )
    .meta({
      description:
        "What checks the container from within; ends with 0 while it is healthy. Needed for images that are not the reference platform's.",
      allowed: '`["CMD", PROGRAM, ARGUMENT, …]` or `["CMD-SHELL", TEXT]`',
      derived: "the check of the reference platform's Dockerfile",
    }),
  intervalSeconds: whole(5, 300, "seconds", "Seconds between two container health checks."),
  timeoutSeconds: whole(2, 60, "seconds", "Less than the interval."),
  startPeriodSeconds: whole(0, 300, "seconds", "Failures do not count so soon after a start."),
  retries: whole(1, 10, "", "Failures in a row that make a container unhealthy."),
  thresholdPercent: whole(
    1,
    100,
    "percent",
    "Share of healthy services at which the platform is healthy.",
  ),
};

/** `symphainy:health`: every key has a default. */
export const healthSchema = z.strictObject({
  path: fields.path.default(defaultHealth.path),
  command: fields.command.optional(),
  intervalSeconds: fields.intervalSeconds.default(defaultHealth.intervalSeconds),
  timeoutSeconds: fields.timeoutSeconds.default(defaultHealth.timeoutSeconds),
  startPeriodSeconds: fields.startPeriodSeconds.default(defaultHealth.startPeriodSeconds),
  retries: fields.retries.default(defaultHealth.retries),
  thresholdPercent: fields.thresholdPercent.default(defaultHealth.thresholdPercent),
  loadBalancer: z
    .strictObject({
      intervalSeconds: loadBalancerFields.intervalSeconds.default(probe.intervalSeconds),
      timeoutSeconds: loadBalancerFields.timeoutSeconds.default(probe.timeoutSeconds),
      healthyThreshold: loadBalancerFields.healthyThreshold.default(probe.healthyThreshold),
      unhealthyThreshold: loadBalancerFields.unhealthyThreshold.default(probe.unhealthyThreshold),
    })
    .prefault({})
    .meta({ description: "What the load balancer does differently." }),
});

/** A service's own `health`: what it leaves out comes from `symphainy:health`. */
export const healthOverrideSchema = z.strictObject({
  ...z.strictObject(fields).partial().shape,
  loadBalancer: z
    .strictObject(loadBalancerFields)
    .partial()
    .optional()
    .meta({ description: "What the load balancer does differently." }),
});
