import { AwsError } from "../../cloud/awsError.ts";
import type { Properties } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { number, object, text } from "../values.ts";
import { scalingPart } from "./scalingPart.ts";
import { arn, aws } from "./shared.ts";

const action = "scalableTargetAction";

/** A change of a scalable target's limits at certain times. No such time comes in a rehearsal. */
export const scheduledAction: ResourceType = aws({
  token: "aws:appautoscaling/scheduledAction:ScheduledAction",
  kind: "inert",
  taggable: false,
  naming: { maxLength: 256 },
  ...scalingPart,
  required: [...scalingPart.required, action, "schedule"],
  rules: {
    name: { maxLength: 256, pattern: [/^[^:/|\p{Cc}]+$/u, "a text without : / |"] },
    [`${action}.minCapacity`]: { min: 0 },
    [`${action}.maxCapacity`]: { min: 0 },
  },
  validate: (inputs) => {
    const capacities = object(inputs[action]);
    if (!capacities) return [];
    const { minCapacity, maxCapacity } = capacities;
    return minCapacity === undefined && maxCapacity === undefined
      ? [{ property: action, reason: "one of minCapacity and maxCapacity must be given" }]
      : [];
  },
  defaults: { timezone: "UTC" },
  computed: ["arn"],
  create: (inputs, { world, hex }) => {
    refuse(inputs);
    const { name, resourceId, serviceNamespace } = inputs;
    return {
      id: `${name}-${serviceNamespace}-${resourceId}`,
      outputs: {
        arn: arn(world, {
          service: "autoscaling",
          resource: `scheduledAction:${hex(32)}:resource/ecs/${resourceId}:scheduledActionName/${name}`,
        }),
      },
    };
  },
  update: ({ inputs }) => {
    refuse(inputs);
    return {};
  },
});

/** @throws AwsError ValidationException, with what the API refuses. */
function refuse(inputs: Properties): void {
  const [, kind, fields = ""] = /^(rate|cron|at)\((.+)\)$/.exec(String(inputs.schedule)) ?? [];
  if (kind === undefined) {
    throw invalid(
      "Invalid schedule expression. Details: Schedule expressions must have the following syntax: " +
        "rate(<number>\\s?(minutes?|hours?|days?)), cron(<cron_expression>) or at(yyyy-MM-dd'T'HH:mm:ss).",
    );
  }
  if (kind === "cron") refuseCron(fields);
  const timezone = text(inputs.timezone) ?? "";
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch {
    throw invalid(`Invalid timezone: ${timezone}`);
  }
  const { minCapacity, maxCapacity } = object(inputs[action]) ?? {};
  if ((number(minCapacity) ?? 0) > (number(maxCapacity) ?? Number.POSITIVE_INFINITY)) {
    throw invalid("Maximum capacity cannot be less than minimum capacity");
  }
}

/** Minutes, hours, day of the month, month, day of the week, year; seconds may come before them. */
function refuseCron(fields: string): void {
  const parts = fields.split(/\s+/);
  const [dayOfMonth, , dayOfWeek] = parts.slice(-4);
  const days = [dayOfMonth, dayOfWeek].filter((day) => day === "?");
  if (![6, 7].includes(parts.length) || days.length !== 1) {
    throw invalid(
      `Invalid schedule expression. Details: Invalid CRON expression: '${fields}' needs six fields, ` +
        "and ? for the day of the month or for the day of the week",
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
