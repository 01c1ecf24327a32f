import type {
  EcsDeploymentInputs,
  LiveRelease,
  PromotionInputs,
} from "../../../provider/messages.ts";

export interface EcsPromotionInputs extends PromotionInputs {
  deployment: EcsDeploymentInputs;
}

/** Inputs of a promotion whose times are short; every call gives new objects. */
export function promotionInputs(release = "aaaa"): EcsPromotionInputs {
  return {
    service: "platform",
    release,
    deployment: {
      kind: "ecs",
      cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/main",
      ecsService: "platform",
      taskDefinition: taskDefinitionOf(release),
      configuration: "network-1",
      image: `registry.test/platform@sha256:${release.padEnd(64, "0")}`,
      strategy: "BLUE_GREEN",
      tasks: { min: 2, max: 4 },
      traffic: { loadBalancer: "app/main/1", productionRule: "arn:of:the-production-rule" },
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
    bake: {
      minutes: 10,
      steps: [100],
      stepMinutes: 5,
      alarms: [
        { name: "errors-a", watches: "group-a" },
        { name: "errors-b", watches: "group-b" },
      ],
      intervalSeconds: 30,
      analysis: {
        minimumRequests: 100,
        errorPercent: 1,
        latencyPercent: 50,
        latencySeconds: 0.25,
        significance: 0.01,
        patienceMinutes: 5,
        inconclusive: "continue",
      },
    },
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

/** What is live, as it was promoted with the inputs above. */
export function liveAs(release: string): LiveRelease {
  const revision = taskDefinitionOf(release);
  return { release, revision, configuration: "network-1", since: "2029-01-01T00:00:00.000Z" };
}

export function taskDefinitionOf(release: string): string {
  return `${family}${releases.indexOf(release) + 1}`;
}

export function releaseOf(taskDefinition: string): string {
  return releases[Number(taskDefinition.slice(family.length)) - 1] ?? "unknown";
}
