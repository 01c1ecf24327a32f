import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  canaryPercentages,
  phasesOf,
  stablePhase,
  watchMinutes,
} from "../components/gcp/deliveryPhases.ts";
import { defaultHealth } from "../components/healthSpec.ts";
import { defaultRollout, defaultSteps } from "../components/rolloutPlan.ts";
import { candidateTag } from "../provider/messages.ts";

const apiVersion = "deploy.cloud.google.com/v1";
const service = "SERVICE";
const account = (purpose: string) => `${purpose}@PROJECT_ID.iam.gserviceaccount.com`;

/** Pipeline, target and automation in the words of Cloud Deploy's own files, which are not those of its API. */
export function deliveryConfiguration(): object[] {
  const plan = { ...defaultRollout, steps: [...defaultSteps.CANARY] };
  const { gate } = plan;
  const percentages = canaryPercentages(plan);
  const program = readFileSync(
    join(import.meta.dirname, "../components/gcp/deliveryGate.py"),
    "utf8",
  );
  const task = {
    type: "container",
    image: "python:3.13-slim",
    command: ["python3", "-c"],
    args: [program],
    env: {
      CANDIDATE_URL: `https://${candidateTag}---HOST`,
      HEALTH_PATH: defaultHealth.path,
      THRESHOLD_PERCENT: String(defaultHealth.thresholdPercent),
      CONSECUTIVE_PASSES: String(gate.consecutivePasses),
      INTERVAL_SECONDS: String(gate.intervalSeconds),
      TIMEOUT_SECONDS: String(gate.timeoutSeconds),
      DEADLINE_MINUTES: String(gate.deadlineMinutes),
    },
  };
  const canaryDeployment = {
    percentages,
    verify: { tasks: [task] },
    analysis: {
      duration: `${watchMinutes(plan) * 60}s`,
      googleCloud: {
        alertPolicyChecks: [
          { id: "alerts", alertPolicies: ["projects/PROJECT_ID/alertPolicies/POLICY_ID"] },
        ],
      },
    },
  };
  const cloudRun = {
    automaticTrafficControl: true,
    canaryRevisionTags: [candidateTag],
    stableRevisionTags: [candidateTag],
  };
  return [
    {
      apiVersion,
      kind: "DeliveryPipeline",
      metadata: { name: service },
      serialPipeline: {
        stages: [
          {
            targetId: service,
            strategy: { canary: { runtimeConfig: { cloudRun }, canaryDeployment } },
          },
        ],
      },
    },
    {
      apiVersion,
      kind: "Target",
      metadata: { name: service },
      requireApproval: true,
      run: { location: "projects/PROJECT_ID/locations/REGION" },
      executionConfigs: [
        {
          usages: ["RENDER", "DEPLOY", "VERIFY", "PREDEPLOY", "POSTDEPLOY"],
          serviceAccount: account("DEPLOY"),
          artifactStorage: "gs://BUCKET/renders",
          executionTimeout: "3600s",
        },
      ],
    },
    {
      apiVersion,
      kind: "Automation",
      metadata: { name: `${service}/${service}` },
      serviceAccount: account("AUTOMATE"),
      selector: { targets: [{ id: service }] },
      rules: [
        {
          advanceRolloutRule: {
            name: "go-on",
            sourcePhases: phasesOf(percentages).filter((phase) => phase !== stablePhase),
          },
        },
        {
          repairRolloutRule: {
            name: "roll-back",
            repairPhases: [{ rollback: { destinationPhase: stablePhase } }],
          },
        },
      ],
    },
  ];
}
