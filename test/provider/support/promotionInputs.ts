import type { PromotionInputs } from "../../../provider/messages.ts";

/** Inputs of a promotion whose times are short; every call gives new objects. */
export function promotionInputs(release = "aaaa"): PromotionInputs {
  return {
    service: "platform",
    release,
    deployment: {
      kind: "ecs",
      cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/main",
      ecsService: "platform",
      taskDefinition: taskDefinitionOf(release),
      configuration: "network-1",
      scaleUpMinutes: 15,
      connection: { region: "eu-central-1" },
    },
    gate: {
      url: "http://platform.test/health",
      header: { name: "x-release-test", value: "the-secret-of-the-test-rule" },
      thresholdPercent: 80,
      consecutivePasses: 3,
      intervalSeconds: 5,
      timeoutSeconds: 5,
      deadlineMinutes: 5,
    },
    bake: { minutes: 10, alarms: ["errors"], intervalSeconds: 30 },
    proof: {
      url: "http://platform.test/",
      consecutiveAnswers: 2,
      intervalSeconds: 2,
      timeoutSeconds: 5,
      deadlineMinutes: 2,
    },
  };
}

/** The releases of a test are numbered by their task definitions. */
const releases = ["aaaa", "bbbb", "cccc", "dddd"];
const family = "arn:aws:ecs:eu-central-1:123456789012:task-definition/platform:";

export function taskDefinitionOf(release: string): string {
  return `${family}${releases.indexOf(release) + 1}`;
}

export function releaseOf(taskDefinition: string): string {
  return releases[Number(taskDefinition.slice(family.length)) - 1] ?? "unknown";
}
