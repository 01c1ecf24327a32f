import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import { defaultSteps, type RolloutPlan } from "../../components/rolloutPlan.ts";
import { rules } from "../../policy/rules.ts";
import { strategies } from "../../provider/messages.ts";
import type {
  CloudRunPlaceSettings,
  CloudRunSettings,
  EcsSettings,
  ServiceSettings,
  Settings,
} from "../../settings.ts";
import { type Registered, record } from "../support/mocks.ts";
import {
  cloudRunService,
  cloudRunSettings,
  ec2Settings,
  fargateSettings,
  service,
} from "../support/settings.ts";
import { judge, judgeStack, type StackResource } from "./support/judge.ts";

const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1234";

const targets: ((...services: ServiceSettings[]) => EcsSettings)[] = [ec2Settings, fargateSettings];

/** By rule: how often a target breaks it. */
async function verdict(
  settingsOf: (...services: ServiceSettings[]) => EcsSettings,
  loadBalancer: { certificateArn?: string },
  rollout: Partial<RolloutPlan> = {},
): Promise<Record<string, number>> {
  const settings = settingsOf(...services);
  return verdictOn({
    ...settings,
    rollout: { ...settings.rollout, ...rollout },
    loadBalancer: { ...settings.loadBalancer, ...loadBalancer },
  });
}

/** By rule: how often the target breaks it that these settings ask for. */
async function verdictOn(settings: Settings): Promise<Record<string, number>> {
  const { resources } = await record(async () => {
    const { createTarget } = await import("../../targets/index.ts");
    return createTarget("symphainy", settings);
  });
  const counts: Record<string, number> = {};
  for (const rule of rules) {
    const violations = await judgeAll(rule, resources);
    if (violations > 0) counts[rule.name] = violations;
  }
  return counts;
}

/** They call each other. */
const services: ServiceSettings[] = [
  service({ cpu: 512, calls: ["api"] }),
  service({ name: "api", path: "/api", cpu: 512, calls: ["platform"] }),
];

async function judgeAll(
  rule: ResourceValidationPolicy | StackValidationPolicy,
  resources: Registered[],
): Promise<number> {
  if ("validateStack" in rule) {
    return (await judgeStack(rule, resources.map(stackResource))).length;
  }
  const judged = resources.map(({ type, inputs, ignoreChanges }) =>
    judge(rule, type, inputs, { ignoreChanges }),
  );
  return (await Promise.all(judged)).flat().length;
}

/** A recording knows what a resource waits for, but not by which property. */
function stackResource({ type, name, inputs, dependencies }: Registered): StackResource {
  const of = (prefix: string) => dependencies.filter((it) => it.startsWith(prefix));
  const refersTo = {
    bucket: of("aws:s3/bucket:Bucket "),
    repository: of("aws:ecr/repository:"),
    bake: of("aws:cloudwatch/metricAlarm:"),
    deployment: [...of("aws:ecs/service:"), ...of("gcp:cloudrunv2/service:")],
    name: of("gcp:cloudrunv2/service:"),
    serialPipeline: of("gcp:cloudrunv2/service:"),
  };
  return { name: `${type} ${name}`, type, props: inputs, refersTo };
}

for (const settingsOf of targets) {
  describe(`the target ${settingsOf(service()).target}, judged by the policy pack`, () => {
    for (const strategy of strategies) {
      it(`breaks no mandatory rule with ${strategy}`, async () => {
        const broken = Object.keys(
          await verdict(settingsOf, {}, { strategy, steps: [...defaultSteps[strategy]] }),
        );
        const mandatory = rules.filter(({ enforcementLevel }) => enforcementLevel !== "advisory");
        const names = mandatory.map(({ name }) => name);
        expect(names.filter((it) => broken.includes(it))).to.deep.equal([]);
      });
    }
    it("breaks the rules on its own promotion and alarms when a time is too short", async () => {
      const broken = await verdict(settingsOf, {}, { bakeMinutes: 1, pauseTimeoutMinutes: 4 });
      expect(broken).to.include.keys("promotion-bake-covers-alarms", "promotion-pause-outlives");
    });
    it("is warned of plain HTTP without a certificate, and only then", async () => {
      expect(await verdict(settingsOf, {})).to.include.keys("lb-plain-http");
      expect(await verdict(settingsOf, { certificateArn })).not.to.include.keys("lb-plain-http");
    });
  });
}

describe("the target cloudrun, judged by the policy pack", () => {
  const broken = async (
    place: Partial<CloudRunPlaceSettings>,
    min = 1,
    delivery: CloudRunSettings["delivery"] = "pulumi",
  ) => {
    const tasks = { ...cloudRunService().tasks, min };
    const settings = cloudRunSettings(
      cloudRunService({ tasks, calls: ["api"] }),
      cloudRunService({ tasks, name: "api", path: "/api" }),
    );
    return Object.keys(
      await verdictOn({ ...settings, delivery, cloudRun: { ...settings.cloudRun, ...place } }),
    );
  };
  const notificationChannels = ["projects/my-project/notificationChannels/1"];

  for (const isPublic of [true, false]) {
    it(`breaks no rule when it is ${isPublic ? "public" : "private"}`, async () => {
      expect(await broken({ public: isPublic, notificationChannels })).to.deep.equal([]);
    });
  }
  for (const isPublic of [true, false]) {
    it(`breaks none by Cloud Deploy when it is ${isPublic ? "public" : "private"}`, async () => {
      const place = { public: isPublic, notificationChannels };
      expect(await broken(place, 1, "cloudDeploy")).to.deep.equal([]);
    });
  }
  it("is warned of alerts that nobody hears, and of instances that are not there", async () => {
    expect(await broken({}, 0)).to.have.members(["run-alerts-told", "run-warm"]);
  });
});
