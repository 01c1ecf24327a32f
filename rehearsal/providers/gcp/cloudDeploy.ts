import { type Properties, unknown } from "../properties.ts";
import type { Failure, ResourceType, Rule } from "../resourceType.ts";
import { object, objects } from "../values.ts";
import { accountOf, google, locationOf, member, role, tokens } from "./shared.ts";

const name: Rule = {
  pattern: [
    /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "at most 63 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
  ],
};
const seconds: Rule = { pattern: [/^\d+s$/, "whole seconds, such as 600s"] };
const canary = "serialPipeline.stages[].strategy.canary.canaryDeployment";
const checks = `${canary}.analysis.googleCloud.alertPolicyChecks[]`;
const tasks = `${canary}.verifyConfig.tasks[].container`;

const stamps = ["uid", "etag", "createTime", "updateTime"];
const deployed = {
  kind: "inert",
  labelled: true,
  replaceOn: ["name", "location"],
  ignoreOn: ["deletionPolicy"],
  computed: [...stamps, "effectiveAnnotations"],
} as const;

/** Cloud Deploy. Pipelines are kept and checked; no release goes through them. */
export const cloudDeployTypes: ResourceType[] = [
  google({
    ...deployed,
    replaceOn: [...deployed.replaceOn],
    ignoreOn: [...deployed.ignoreOn],
    token: "gcp:clouddeploy/target:Target",
    required: ["location", "name", "run.location", "executionConfigs[].usages"],
    rules: {
      name,
      "run.location": {
        pattern: [/^projects\/[^/]+\/locations\/[^/]+$/, "projects/PROJECT/locations/REGION"],
      },
      "executionConfigs[].usages[]": {
        oneOf: ["RENDER", "DEPLOY", "VERIFY", "PREDEPLOY", "POSTDEPLOY"],
      },
      "executionConfigs[].executionTimeout": seconds,
      "executionConfigs[].artifactStorage": { pattern: [/^gs:\/\/./, "gs://BUCKET/FOLDER"] },
    },
    validate: checkTarget,
    references: [accountOf("executionConfigs[].serviceAccount")],
    computed: [...deployed.computed, "targetId"],
    create: (inputs, { world, hex }) => ({
      id: `${locationOf(inputs, world)}/targets/${String(inputs.name)}`,
      outputs: { ...made(hex), targetId: inputs.name },
    }),
  }),
  google({
    ...deployed,
    replaceOn: [...deployed.replaceOn],
    ignoreOn: [...deployed.ignoreOn],
    token: tokens.deliveryPipeline,
    required: [
      "location",
      "name",
      "serialPipeline.stages",
      `${canary}.percentages`,
      `${canary}.analysis.duration`,
      `${checks}.id`,
      `${checks}.alertPolicies`,
      `${tasks}.image`,
    ],
    rules: {
      name,
      [`${canary}.percentages[]`]: { min: 0, max: 99 },
      [`${canary}.analysis.duration`]: seconds,
      [`${checks}.alertPolicies[]`]: {
        pattern: [/^projects\/[^/]+\/alertPolicies\/[^/]+$/, "projects/PROJECT/alertPolicies/ID"],
      },
    },
    validate: ({ serialPipeline }) =>
      objects(object(serialPipeline)?.stages).flatMap(({ strategy }) =>
        checkCanary(object(object(strategy)?.canary) ?? {}),
      ),
    computed: [...deployed.computed, "conditions"],
    create: (inputs, { world, hex }) => ({
      id: `${locationOf(inputs, world)}/deliveryPipelines/${String(inputs.name)}`,
      outputs: { ...made(hex), conditions: [] },
    }),
  }),
  google({
    token: "gcp:clouddeploy/deliveryPipelineIamMember:DeliveryPipelineIamMember",
    kind: "inert",
    required: ["member", "role"],
    rules: { member: { pattern: member }, role: { pattern: role } },
    replaceOn: ["*"],
    references: [{ path: "name", to: [tokens.deliveryPipeline], by: "name", missing: "NOT_FOUND" }],
    computed: ["etag"],
    create: (inputs, { world, hex }) => {
      const pipeline = `${locationOf(inputs, world)}/deliveryPipelines/${String(inputs.name)}`;
      return {
        id: `${pipeline}/${String(inputs.role)}/${String(inputs.member)}`,
        outputs: { etag: hex(12) },
      };
    },
  }),
  google({
    ...deployed,
    replaceOn: [...deployed.replaceOn, "deliveryPipeline"],
    ignoreOn: [...deployed.ignoreOn],
    token: "gcp:clouddeploy/automation:Automation",
    required: [
      "location",
      "name",
      "deliveryPipeline",
      "serviceAccount",
      "selector.targets",
      "rules",
      "rules[].advanceRolloutRule.id",
      "rules[].repairRolloutRule.id",
    ],
    rules: {
      name,
      "rules[].advanceRolloutRule.id": name,
      "rules[].repairRolloutRule.id": name,
      "rules[].advanceRolloutRule.sourcePhases[]": name,
      "rules[].repairRolloutRule.repairPhases[].rollback.destinationPhase": name,
    },
    references: [
      { path: "deliveryPipeline", to: [tokens.deliveryPipeline], by: "name", missing: "NOT_FOUND" },
      accountOf("serviceAccount"),
    ],
    computed: [...deployed.computed],
    create: (inputs, { world, hex }) => {
      const place = locationOf(inputs, world);
      const pipeline = `${place}/deliveryPipelines/${String(inputs.deliveryPipeline)}`;
      return { id: `${pipeline}/automations/${String(inputs.name)}`, outputs: made(hex) };
    },
  }),
];

function made(hex: (length: number) => string): Properties {
  const at = "2026-01-01T00:00:00Z";
  return { uid: hex(32), etag: hex(12), createTime: at, updateTime: at, effectiveAnnotations: {} };
}

/** A target is one place, and its jobs take from ten minutes to a day. */
function checkTarget(inputs: Properties): Failure[] {
  const kinds = ["run", "gke", "anthosCluster", "multiTarget", "customTarget"];
  const named = kinds.filter((kind) => inputs[kind] !== undefined && inputs[kind] !== null);
  const failures: Failure[] = [];
  if (named.length !== 1) {
    const reason = `a target is exactly one of ${kinds.join(", ")}`;
    failures.push({ property: named[0] ?? "run", reason });
  }
  for (const { executionTimeout } of objects(inputs.executionConfigs)) {
    if (typeof executionTimeout !== "string" || executionTimeout === unknown) continue;
    const took = Number.parseInt(executionTimeout, 10);
    if (took >= 600 && took <= 86_400) continue;
    const reason = `executionTimeout must be from 10 minutes to 24 hours; it is ${executionTimeout}`;
    failures.push({ property: "executionConfigs", reason });
  }
  return failures;
}

/** Percentages are whole and rise, and Cloud Deploy moves the traffic itself. */
function checkCanary({ canaryDeployment, runtimeConfig }: Properties): Failure[] {
  const property = "serialPipeline";
  const { percentages } = object(canaryDeployment) ?? {};
  if (!Array.isArray(percentages) || percentages.includes(unknown)) return [];
  const failures: Failure[] = [];
  const numbers = percentages.map(Number);
  const rises = numbers.every(
    (it, index) => Number.isInteger(it) && it > (numbers[index - 1] ?? -1),
  );
  if (!rises) {
    const reason = `percentages must be whole and rise; they are ${numbers.join(", ")}`;
    failures.push({ property, reason });
  }
  const { automaticTrafficControl } = object(object(runtimeConfig)?.cloudRun) ?? {};
  if (automaticTrafficControl !== true) {
    const reason = "a canary on Cloud Run needs runtimeConfig.cloudRun.automaticTrafficControl";
    failures.push({ property, reason });
  }
  return failures;
}
