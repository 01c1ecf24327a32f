import type { ServiceArgs, TaskDefinitionArgs } from "@pulumi/aws/ecs/index.js";
import type { ListenerRuleArgs, TargetGroupArgs } from "@pulumi/aws/lb/index.js";
import type { ReportViolation, ResourceValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { onContainer } from "../support/containers.ts";
import { onType } from "../support/onType.ts";
import { onRunContainer } from "../support/runServices.ts";

const service = "aws:ecs/service:Service";
const targetGroup = "aws:lb/targetGroup:TargetGroup";
const lifecycle =
  "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html";

/** Stages at which a candidate can be looked at before it takes production traffic. */
const stagesBeforeProduction = ["POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"];

export const rolloutCircuitBreaker: ResourceValidationPolicy = {
  name: "rollout-circuit-breaker",
  description: "A rolling deployment undoes itself when its tasks do not become healthy.",
  severity: "high",
  remediationSteps:
    "Set deploymentCircuitBreaker to {enable: true, rollback: true}, or deploy with BLUE_GREEN.",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
  validateResource: onType<ServiceArgs>(service, (props, report) => {
    const strategy = props.deploymentConfiguration?.strategy ?? "ROLLING";
    const breaker = props.deploymentCircuitBreaker;
    if (strategy === "ROLLING" && !(breaker?.enable && breaker.rollback)) {
      report("The service rolls without a circuit breaker that rolls back.");
    }
  }),
};

export const rolloutPauseUndoes: ResourceValidationPolicy = {
  name: "rollout-pause-undoes",
  description: "A pause that nobody answers undoes the release.",
  severity: "critical",
  remediationSteps:
    "Set timeoutConfiguration.action of every PAUSE hook to ROLLBACK, with a time-out in minutes.",
  url: lifecycle,
  validateResource: onType<ServiceArgs>(service, (props, report) => {
    for (const hook of props.deploymentConfiguration?.lifecycleHooks ?? []) {
      if (hook.targetType !== "PAUSE") continue;
      const { action = "not set", timeoutInMinutes } = hook.timeoutConfiguration ?? {};
      const pause = `the pause at ${hook.lifecycleStages.join(", ")}`;
      if (action !== "ROLLBACK") {
        report(`The time-out action of ${pause} is ${action}; it must be ROLLBACK.`);
      }
      if (timeoutInMinutes === undefined)
        report(`A time-out of ${pause} is not set: ECS waits a day.`);
    }
  }),
};

export const rolloutGated: ResourceValidationPolicy = {
  name: "rollout-gated",
  description: "A release is looked at before it takes production traffic.",
  severity: "critical",
  remediationSteps: `Add a lifecycle hook at ${stagesBeforeProduction.join(" or ")}.`,
  url: lifecycle,
  validateResource: onType<ServiceArgs>(service, (props, report) => {
    const { strategy, stages } = hooked(props);
    if (strategy !== "ROLLING" && !stages.some((it) => stagesBeforeProduction.includes(it))) {
      report(`A ${strategy} deployment has no hook before production traffic shifts.`);
    }
  }),
};

export const rolloutStepsJudged: ResourceValidationPolicy = {
  name: "rollout-steps-judged",
  description: "A deployment in steps is looked at before every step.",
  severity: "critical",
  remediationSteps:
    "Add a lifecycle hook at PRE_PRODUCTION_TRAFFIC_SHIFT, which comes before every step.",
  url: lifecycle,
  validateResource: onType<ServiceArgs>(service, (props, report) => {
    const { strategy, stages } = hooked(props);
    if (
      ["CANARY", "LINEAR"].includes(strategy) &&
      !stages.includes("PRE_PRODUCTION_TRAFFIC_SHIFT")
    ) {
      report(`A ${strategy} deployment goes from step to step without being looked at.`);
    }
  }),
};

export const rolloutWatched: ResourceValidationPolicy = {
  name: "rollout-watched",
  description:
    "A release is looked at with all production traffic, while it can still be undone at once.",
  severity: "high",
  remediationSteps: "Add a lifecycle hook at POST_PRODUCTION_TRAFFIC_SHIFT.",
  url: lifecycle,
  validateResource: onType<ServiceArgs>(service, (props, report) => {
    const { strategy, stages } = hooked(props);
    if (strategy !== "ROLLING" && !stages.includes("POST_PRODUCTION_TRAFFIC_SHIFT")) {
      report(`A ${strategy} deployment has no hook after production traffic has shifted.`);
    }
  }),
};

export const rolloutTestRule: ResourceValidationPolicy = {
  name: "rollout-test-rule",
  description:
    "A shifting deployment has a second target group, and a test rule that leads to the candidate.",
  severity: "high",
  remediationSteps:
    "Set loadBalancers[].advancedConfiguration: alternateTargetGroupArn, productionListenerRule, testListenerRule.",
  validateResource: onType<ServiceArgs>(service, (props, report) => {
    const strategy = props.deploymentConfiguration?.strategy ?? "ROLLING";
    if (strategy === "ROLLING") return;
    for (const { containerName, advancedConfiguration } of props.loadBalancers ?? []) {
      if (advancedConfiguration === undefined) {
        report(`Container ${containerName} has one target group only, so no traffic can shift.`);
      } else if (advancedConfiguration.testListenerRule === undefined) {
        report(`Container ${containerName} has no test rule, so its candidate can't be reached.`);
      }
    }
  }),
};

export const rolloutWeightsOwned: ResourceValidationPolicy = {
  name: "rollout-weights-owned",
  description: "The weights of a rule with two target groups belong to ECS, not to the program.",
  severity: "critical",
  remediationSteps: 'Set ignoreChanges: ["actions"] on the rule; the whole list, not the weights.',
  validateResource: onType<ListenerRuleArgs>(
    "aws:lb/listenerRule:ListenerRule",
    (props, report, { opts }) => {
      const shared = props.actions.some((action) => (action.forward?.targetGroups.length ?? 0) > 1);
      if (shared && !opts.ignoreChanges.includes("actions")) {
        report("An update would set the weights back and move production traffic.");
      }
    },
  ),
};

export const rolloutNoGroupStickiness: ResourceValidationPolicy = {
  name: "rollout-no-group-stickiness",
  description:
    "No rule holds clients in a target group: they would stay on the old release whatever the weights say.",
  severity: "critical",
  remediationSteps:
    "Leave stickiness out of the rule's forward action; set it on the target groups for sessions.",
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html",
  validateResource: onType<ListenerRuleArgs>(
    "aws:lb/listenerRule:ListenerRule",
    (props, report) => {
      if (props.actions.some(({ forward }) => forward?.stickiness?.enabled === true)) {
        report("The rule holds clients in the group that they came to first.");
      }
    },
  ),
};

export const rolloutDeregistrationDelay: ResourceValidationPolicy = {
  name: "rollout-deregistration-delay",
  description: "A target that leaves may finish what it has in hand.",
  severity: "high",
  remediationSteps: "Set deregistrationDelay to at least the longest request, in seconds.",
  validateResource: onType<TargetGroupArgs>(targetGroup, (props, report) => {
    if (props.deregistrationDelay === 0) {
      report("A deregistration delay of 0 cuts off requests that are under way.");
    }
  }),
};

export const rolloutHealthCheck: ResourceValidationPolicy = {
  name: "rollout-health-check",
  description: "A load balancer asks a health endpoint, takes 200 only, and states all its limits.",
  severity: "high",
  remediationSteps:
    "Set healthCheck: enabled, path, matcher 200, interval, timeout, healthyThreshold, unhealthyThreshold.",
  validateResource: onType<TargetGroupArgs>(targetGroup, (props, report) => {
    const check = props.healthCheck;
    if (check === undefined || check.enabled === false) {
      report("The target group checks no health.");
      return;
    }
    if (check.path === undefined || check.path === "/") {
      report("The health check asks no endpoint of its own.");
    }
    if (check.matcher !== "200") {
      report(
        `The health check takes ${check.matcher ?? "whatever is the default"} for healthy; only 200 is.`,
      );
    }
    const limits = ["interval", "timeout", "healthyThreshold", "unhealthyThreshold"] as const;
    const unset = limits.filter((limit) => check[limit] === undefined);
    if (unset.length > 0) report(`The health check leaves ${unset.join(", ")} to defaults.`);
  }),
};

export const rolloutDetection: ResourceValidationPolicy = {
  name: "rollout-detection",
  description: "A sick target is found within a minute.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Lower the interval or the unhealthy threshold: 5 s × 2 finds it in about 12 s.",
  validateResource: onType<TargetGroupArgs>(targetGroup, (props, report) => {
    const { interval = 30, unhealthyThreshold = 3, timeout = 6 } = props.healthCheck ?? {};
    const seconds = interval * unhealthyThreshold + timeout;
    if (seconds > 60) report(`A sick target may take ${seconds} s of traffic before it is found.`);
  }),
};

export const rolloutStopTimeout: ResourceValidationPolicy = {
  name: "rollout-stop-timeout",
  description: "A container has more time to stop than it needs to drain.",
  severity: "high",
  remediationSteps:
    "Set stopTimeout to more than the variable DRAIN_SECONDS; on Cloud Run it is always 10 s.",
  validateResource: [
    onContainer(({ environment = [], stopTimeout = 30 }, report) =>
      judgeStop(environment, stopTimeout, report),
    ),
    onRunContainer(({ envs = [] }, report) => judgeStop(envs, 10, report)),
  ],
};

export const rolloutKeepsRevisions: ResourceValidationPolicy = {
  name: "rollout-keeps-revisions",
  description: "The revision that is rolled back to is not taken out of service.",
  severity: "high",
  remediationSteps: "Set skipDestroy on the task definition.",
  validateResource: onType<TaskDefinitionArgs>(
    "aws:ecs/taskDefinition:TaskDefinition",
    (props, report) => {
      if (props.skipDestroy !== true) {
        report("An update deregisters the live revision, which ECS can't roll back to then.");
      }
    },
  ),
};

export const rolloutNoSigintRollback: ResourceValidationPolicy = {
  name: "rollout-no-sigint-rollback",
  description:
    "The provider's own roll-back on Ctrl-C stays off: it has undone healthy deployments.",
  severity: "high",
  remediationSteps: "Leave sigintRollback unset.",
  url: "https://github.com/hashicorp/terraform-provider-aws/issues/49031",
  validateResource: onType<ServiceArgs>(service, (props, report) => {
    if (props.sigintRollback === true) report("sigintRollback is on.");
  }),
};

function judgeStop(
  variables: readonly { name?: string | undefined; value?: string | undefined }[],
  stopTimeout: number,
  report: ReportViolation,
): void {
  const drain = variables.find(({ name }) => name === "DRAIN_SECONDS")?.value;
  if (drain !== undefined && stopTimeout <= Number(drain)) {
    report(`it is killed ${stopTimeout} s after SIGTERM, but drains for ${drain} s.`);
  }
}

/** How traffic shifts, and the stages at which somebody looks. */
function hooked({ deploymentConfiguration }: Unwrap<ServiceArgs>) {
  const { strategy = "ROLLING", lifecycleHooks = [] } = deploymentConfiguration ?? {};
  return { strategy, stages: lifecycleHooks.flatMap((hook) => hook.lifecycleStages) };
}
