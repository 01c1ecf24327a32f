import { z } from "zod";
import { defaultRollout, defaultSteps } from "../components/rolloutPlan.ts";
import { strategies } from "../provider/messages.ts";
import { decimal, oneOf, text, whole } from "./fields.ts";
import { derivedDefault } from "./targetDefaults.ts";

const gateSchema = z.strictObject({
  consecutivePasses: whole(
    1,
    100,
    "",
    "Healthy answers in a row that a candidate needs; three times as many when tasks of it have failed before.",
  ).default(defaultRollout.gate.consecutivePasses),
  intervalSeconds: whole(1, 300, "seconds", "Pause between two probes of the candidate.").default(
    defaultRollout.gate.intervalSeconds,
  ),
  timeoutSeconds: whole(
    1,
    60,
    "seconds",
    "A probe without an answer after this time has failed.",
  ).default(defaultRollout.gate.timeoutSeconds),
  deadlineMinutes: whole(
    1,
    1440,
    "minutes",
    "A candidate that has not passed by then is undone.",
  ).default(defaultRollout.gate.deadlineMinutes),
});

const analysisSchema = z.strictObject({
  minimumRequests: whole(
    1,
    1_000_000,
    "requests",
    "Requests to the candidate that a verdict takes.",
  ).default(defaultRollout.analysis.minimumRequests),
  latencyPercent: decimal(0, 1000, "percent", "By how much slower the candidate may be …").default(
    defaultRollout.analysis.latencyPercent,
  ),
  latencySeconds: decimal(
    0,
    60,
    "seconds",
    "… and by how many seconds; a smaller difference never counts.",
  ).default(defaultRollout.analysis.latencySeconds),
  significance: decimal(
    0.0001,
    0.5,
    "a probability",
    "Chance of a false alarm that the comparison may take.",
  ).default(defaultRollout.analysis.significance),
  patienceMinutes: whole(
    0,
    1440,
    "minutes",
    "How much longer a step or the bake waits for figures while there are too few.",
  ).default(defaultRollout.analysis.patienceMinutes),
  inconclusive: oneOf(
    ["continue", "rollBack"],
    "What happens when there are still too few. `continue`: the gate was passed and no alarm fired, and a quiet service could not be released otherwise.",
  ).default(defaultRollout.analysis.inconclusive),
});

/** `symphainy:rollout`. */
export const rolloutSchema = z.strictObject({
  strategy: oneOf(
    strategies,
    "How traffic moves to the candidate: after the gate all at once (BLUE_GREEN), in two steps (CANARY) or in equal steps (LINEAR), with a verdict after each; or task by task, without a gate (ROLLING). A service that exists can't change between ROLLING and the others, and cloudrun has no ROLLING.",
  ).default(defaultRollout.strategy),
  steps: z
    .array(decimal(0.1, 100, "percent", "Share of the candidate after the step."))
    .optional()
    .meta({
      description: "Production traffic of the candidate after each step.",
      unit: "percent",
      allowed:
        "rising, and ending at 100: [100] with BLUE_GREEN and ROLLING; two steps, the first from 0.1 in tenths, with CANARY; equal steps of 3 to 100 in tenths with LINEAR; whole percents on cloudrun",
      derived: stepsByStrategy(),
    }),
  stepMinutes: whole(
    0,
    1440,
    "minutes",
    "How long the release is watched at each step before the last. Must cover the alarms, as bakeMinutes.",
  ).default(defaultRollout.stepMinutes),
  bakeMinutes: whole(
    0,
    1440,
    "minutes",
    "How long the release is watched with all production traffic before it counts as live. Must cover the alarms: period × datapoints + publication lag + the minute in which the traffic moves.",
  ).default(defaultRollout.bakeMinutes),
  gate: gateSchema.prefault({}).meta({ description: "How a candidate proves itself." }),
  analysis: analysisSchema.prefault({}).meta({
    description:
      "What the candidate's figures are held against, at each step and in the bake: those of the live release in the same minutes, or before the shift where it has no traffic any more. Its errors are held against `alarms.errorPercent`.",
  }),
  scaleUpMinutes: whole(
    1,
    1440,
    "minutes",
    "Tasks of the candidate must be placed and healthy by then.",
  ).default(defaultRollout.scaleUpMinutes),
  deregistrationDelaySeconds: whole(
    0,
    3600,
    "seconds",
    "How long a target that leaves may go on with the requests it has in hand. Not on cloudrun.",
  ).default(defaultRollout.deregistrationDelaySeconds),
  pauseTimeoutMinutes: whole(
    1,
    20160,
    "minutes",
    "ECS itself undoes a release whose pause nobody answers by then. More than the gate's deadline, and than steps and bake with their patience. Not on cloudrun.",
  ).default(defaultRollout.pauseTimeoutMinutes),
});

/** `symphainy:alarms`. */
export const alarmsSchema = z.strictObject({
  periodSeconds: z
    .union([z.literal(60), z.literal(120), z.literal(300)])
    .default(60)
    .meta({
      description: "Length of one datapoint; load balancers publish one a minute.",
      unit: "seconds",
      allowed: "60, 120 or 300 (seconds)",
    }),
  datapoints: whole(1, 15, "", "Breaching datapoints in a row that fire an alarm.").default(2),
  errorPercent: decimal(
    0.01,
    100,
    "percent",
    "Share of a release's answers that may be 5xx before it is undone.",
  ).default(1),
  latencySeconds: decimal(
    0.01,
    60,
    "seconds",
    "95th percentile of the response time that a release may need.",
  ).default(2),
  publicationLagSeconds: whole(0, 600, "seconds", "How late the cloud may publish a datapoint.")
    .optional()
    .meta({ derived: derivedDefault("publicationLagSeconds") }),
  topics: z
    .array(
      text(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, {
        description: "An SNS topic that is told about alarms.",
        allowed: "the ARN of an SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME",
      }),
    )
    .max(5)
    .default([])
    .meta({
      description:
        "SNS topics that are told about alarms; cloudrun has `cloudRun.notificationChannels`.",
      allowed: "a list of at most 5 ARNs",
    }),
});

function stepsByStrategy(): string {
  return strategies
    .map((strategy) => `${strategy} [${defaultSteps[strategy].join(", ")}]`)
    .join(", ");
}
