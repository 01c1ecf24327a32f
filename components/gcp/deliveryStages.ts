import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { candidateTag } from "../../provider/messages.ts";
import type { DeliveryGate } from "./deliveryGate.ts";
import {
  canaryPercentages,
  type DeliveryPlan,
  phasesOf,
  stablePhase,
  watchMinutes,
} from "./deliveryPhases.ts";

/** Seconds that a job of Cloud Deploy may take: its own default, and the most it admits. */
const jobSeconds = { usual: 3600, most: 86_400 };

/** What Cloud Deploy looks at while a release has traffic. */
export interface DeliveryAlerts {
  /** Resource names, `projects/P/alertPolicies/N`. */
  policies: pulumi.Input<string>[];
  /**
   * Whether their incidents carry the label `revision_name`, so that those of other revisions don't count. Were it said
   * of policies without that label, none of their incidents would. @default false
   */
  byRevision?: boolean;
}

/** The one stage of a pipeline: how traffic moves, and what has to hold before it moves on. */
export function deliveryStage(
  targetId: pulumi.Input<string>,
  plan: DeliveryPlan,
  gate: DeliveryGate,
  alerts: DeliveryAlerts,
): gcp.types.input.clouddeploy.DeliveryPipelineSerialPipelineStage {
  const minutes = watchMinutes(plan);
  const check = {
    id: "alerts",
    alertPolicies: alerts.policies,
    ...(alerts.byRevision === true && {
      labels: { revision_name: "${{ render.metadata.cloud_run.revision.id }}" },
    }),
  };
  const canary = {
    runtimeConfig: {
      cloudRun: {
        automaticTrafficControl: true,
        // In the last phase too, so that the same questions reach the revision at the same address.
        canaryRevisionTags: [candidateTag],
        stableRevisionTags: [candidateTag],
      },
    },
    canaryDeployment: {
      percentages: canaryPercentages(plan),
      verifyConfig: { tasks: [{ container: gate }] },
      ...(minutes > 0 && {
        analysis: { duration: `${minutes * 60}s`, googleCloud: { alertPolicyChecks: [check] } },
      }),
    },
  };
  return { targetId, strategy: { canary } };
}

/** What happens without anybody: a phase that has passed is followed by the next, one that failed by the way back. */
export function automationRules(plan: DeliveryPlan): gcp.types.input.clouddeploy.AutomationRule[] {
  const sourcePhases = phasesOf(canaryPercentages(plan)).filter((phase) => phase !== stablePhase);
  return [
    { advanceRolloutRule: { id: "go-on", sourcePhases } },
    {
      repairRolloutRule: {
        id: "roll-back",
        // The phase is the default; a block without a value would not be sent at all.
        repairPhases: [{ rollback: { destinationPhase: stablePhase } }],
      },
    },
  ];
}

/**
 * As what, where and for how long Cloud Deploy runs its jobs.
 *
 * @param storage - `gs://…`, where it keeps what it has rendered.
 */
export function executionConfig(
  { gate }: DeliveryPlan,
  serviceAccount: pulumi.Input<string>,
  storage: pulumi.Input<string>,
): gcp.types.input.clouddeploy.TargetExecutionConfig {
  const longest = gate.deadlineMinutes * 60 + 600;
  const seconds = Math.min(Math.max(longest, jobSeconds.usual), jobSeconds.most);
  return {
    usages: ["RENDER", "DEPLOY", "VERIFY", "PREDEPLOY", "POSTDEPLOY"],
    serviceAccount,
    artifactStorage: storage,
    executionTimeout: `${seconds}s`,
  };
}
