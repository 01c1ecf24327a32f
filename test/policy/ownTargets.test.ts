import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import { rules } from "../../policy/rules.ts";
import type { ServiceSettings } from "../../settings.ts";
import { type Registered, record } from "../support/mocks.ts";
import { ec2Settings, service } from "../support/settings.ts";
import { judge, judgeStack, type StackResource } from "./support/judge.ts";

const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1234";

/** By rule: how often the target ec2 breaks it. */
async function verdict(loadBalancer: { certificateArn?: string }): Promise<Record<string, number>> {
  const { resources } = await record(async () => {
    const { createTarget } = await import("../../targets/index.ts");
    const settings = ec2Settings(service(), ...others);
    return createTarget("symphainy", {
      ...settings,
      loadBalancer: { ...settings.loadBalancer, ...loadBalancer },
    });
  });
  const counts: Record<string, number> = {};
  for (const rule of rules) {
    const violations = await judgeAll(rule, resources);
    if (violations > 0) counts[rule.name] = violations;
  }
  return counts;
}

const others: ServiceSettings[] = [service({ name: "api", path: "/api" })];

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
  const refersTo = Object.fromEntries(
    dependencies.flatMap((dependency) => {
      if (dependency.startsWith("aws:s3/bucket:Bucket ")) return [["bucket", dependency]];
      if (dependency.startsWith("aws:ecr/repository:")) return [["repository", dependency]];
      return [];
    }),
  );
  return { name: `${type} ${name}`, type, props: inputs, refersTo };
}

describe("the target ec2, judged by the policy pack", () => {
  it("breaks no mandatory rule", async () => {
    const broken = Object.keys(await verdict({}));
    const mandatory = rules.filter(({ enforcementLevel }) => enforcementLevel !== "advisory");
    expect(mandatory.map(({ name }) => name).filter((it) => broken.includes(it))).to.deep.equal([]);
  });
  it("is warned of plain HTTP without a certificate, and only then", async () => {
    expect(await verdict({})).to.include.keys("lb-plain-http");
    expect(await verdict({ certificateArn })).not.to.include.keys("lb-plain-http");
  });
});
