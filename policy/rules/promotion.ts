import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/index.js";
import type { ServiceArgs } from "@pulumi/aws/ecs/index.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";

/** What the rules read of a promotion. */
interface Promotion {
  gate?: { deadlineMinutes?: number };
  bake?: {
    minutes?: number;
    steps?: number[];
    stepMinutes?: number;
    analysis?: { patienceMinutes?: number };
  };
}

interface Watch {
  what: string;
  minutes: number;
}

export const promotionBakeCoversAlarms: StackValidationPolicy = {
  name: "promotion-bake-covers-alarms",
  description:
    "A release is watched, at each step and before it counts as live, for at least as long as its alarms need to fire.",
  severity: "critical",
  remediationSteps:
    "Lengthen the bake or the steps, or shorten the alarms' period or their number of periods.",
  validateStack: ({ resources }, report) => {
    for (const promotion of promotionsIn(resources)) {
      const slowest = Math.max(
        0,
        ...referredTo(promotion, "bake", "aws:cloudwatch/metricAlarm:MetricAlarm").map((alarm) =>
          secondsToFire(alarm.props as Unwrap<MetricAlarmArgs>),
        ),
      );
      for (const { what, minutes } of watches(promotion.props)) {
        if (minutes * 60 >= slowest) continue;
        report(
          `${what} takes ${minutes} min, and an alarm of the release fires after ${slowest} s at the earliest.`,
          promotion.urn,
        );
      }
    }
  },
};

export const promotionPauseOutlives: StackValidationPolicy = {
  name: "promotion-pause-outlives",
  description: "A pause of ECS does not end while the release is still being judged in it.",
  severity: "high",
  remediationSteps:
    "Lengthen the time-outs of the service's PAUSE hooks, or shorten the gate's deadline, the steps, the bake or their patience.",
  validateStack: ({ resources }, report) => {
    for (const promotion of promotionsIn(resources)) {
      const { gate, bake }: Promotion = promotion.props;
      const patience = bake?.analysis?.patienceMinutes ?? 0;
      const waits = [
        { what: "The gate", minutes: gate?.deadlineMinutes ?? 0 },
        ...watches(promotion.props).map(({ what, minutes }) => ({
          what,
          minutes: minutes + patience,
        })),
      ];
      for (const service of referredTo(promotion, "deployment", "aws:ecs/service:Service")) {
        const shortest = shortestPause(service.props as Unwrap<ServiceArgs>);
        for (const { what, minutes } of waits) {
          if (minutes < shortest) continue;
          report(
            `${what} may take ${minutes} min, and a pause of the service ends after ${shortest} min.`,
            promotion.urn,
          );
        }
      }
    }
  },
};

function promotionsIn(resources: readonly PolicyResource[]): PolicyResource[] {
  return resources.filter(({ type }) => type === "rollout:index:Promotion");
}

/** By reference, as names and ARNs are not known before the first update. */
function referredTo(resource: PolicyResource, property: string, type: string): PolicyResource[] {
  return (resource.propertyDependencies[property] ?? []).filter((it) => it.type === type);
}

function watches({ bake }: Promotion): Watch[] {
  const steps =
    (bake?.steps ?? []).length > 1 ? [{ what: "A step", minutes: bake?.stepMinutes ?? 0 }] : [];
  return [...steps, { what: "The bake", minutes: bake?.minutes ?? 0 }];
}

function secondsToFire({
  period,
  metricQueries,
  evaluationPeriods = 1,
}: Unwrap<MetricAlarmArgs>): number {
  const periods = (metricQueries ?? []).map(({ metric }) => metric?.period ?? 0);
  return Math.max(period ?? 0, ...periods) * evaluationPeriods;
}

/** ECS waits a day where nothing is set; where there are no pauses, none ends. */
function shortestPause({ deploymentConfiguration }: Unwrap<ServiceArgs>): number {
  const pauses = (deploymentConfiguration?.lifecycleHooks ?? [])
    .filter(({ targetType }) => targetType === "PAUSE")
    .map(({ timeoutConfiguration }) => Number(timeoutConfiguration?.timeoutInMinutes ?? 1440));
  return Math.min(Number.POSITIVE_INFINITY, ...pauses);
}
