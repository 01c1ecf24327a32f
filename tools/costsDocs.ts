import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkSettings } from "../settings/checkSettings.ts";
import { instanceTypes } from "../settings/instanceTypes.ts";
import { crossingOf } from "./costs/compare.ts";
import { pricedFamilies, pricedRegions, priceSources, pricesLookedUp } from "./costs/prices.ts";
import { renderCosts, sizeText } from "./costs/renderCosts.ts";
import { planOf, type StackPlan } from "./costs/stackPlan.ts";

/** Where the page is, from the project's root. */
export const costsPage = "docs/costs.md";

const root = resolve(import.meta.dirname, "..");

const head = `# What a stack costs a month

\`npm run costs -- STACK\` reads \`Pulumi.STACK.yaml\` and says what the stack costs while nothing happens, what the same
services would cost on the other capacity and with another way out of the private subnets, and from how many tasks
instances cost less than Fargate. It needs no login and no account. This page is made by the same program:
\`node tools/costsDocs.ts\` writes it anew.
`;

/** What is paid for what is done, where the default stack is. */
const use = `## What grows with use

The command leaves out what nobody knows before. In eu-central-1:

| what | price |
| --- | --- |
| load balancer capacity units | 0.008 an LCU-hour; one all month is 5.84 |
| data through a NAT gateway (image pulls, logs, what the platform calls) | 0.052 a GB |
| data through an interface endpoint; through the gateway endpoint of S3, which image layers take, nothing | 0.01 a GB |
| CloudWatch: Container Insights, about 30 metrics for a cluster with one service | 0.30 a metric |
| CloudWatch: alarms, by the metrics that they look at | 0.10 a metric |
| CloudWatch Logs: platform, Container Insights, refused connections | 0.63 a GB taken in, 0.0324 a GB kept |
| access logs in S3 | 0.0245 a GB |
| images in ECR, the 100 newest | 0.10 a GB |
| secrets in Secrets Manager; the stacks here have none | 0.40 a secret |
| CPU of a t3 above its baseline for long | 0.05 a vCPU-hour |
| traffic to the internet and between zones | [EC2 prices](https://aws.amazon.com/ec2/pricing/on-demand/) |

A release runs twice the tasks while it lasts: on Fargate each is paid for by the second; on EC2 instances are started
only where those that run have no room. Two t3.small hold four tasks, so the stack \`ec2\` starts none.
`;

/** A stack with the defaults of all settings, as the project's own are at first; what they become is the user's affair. */
export function defaultPlan(target: "ec2" | "fargate"): StackPlan {
  const region = "eu-central-1";
  const { settings, problems } = checkSettings({ target }, { root, region });
  if (settings) return planOf(target, settings, region);
  throw new Error(`the defaults are wrong: ${problems.map(({ finding }) => finding).join(", ")}`);
}

/** The page, from the defaults of the settings and the prices. */
export function costsDocs(): string {
  const plans = (["ec2", "fargate"] as const).map(defaultPlan);
  const bills = plans.map(
    (plan) => `## \`npm run costs -- ${plan.stack}\`\n\n\`\`\`\n${renderCosts(plan)}\n\`\`\`\n`,
  );
  return [head, ...bills, ...plans.slice(0, 1).map(crossings), use, sources()].join("\n");
}

const sizes = [
  { cpu: 256, memory: 512 },
  { cpu: 512, memory: 1024 },
  { cpu: 1024, memory: 2048 },
  { cpu: 2048, memory: 4096 },
  { cpu: 4096, memory: 8192 },
];
const types = ["t3.small", "t3.large", "t3.xlarge", "m6i.large", "c6i.xlarge", "m6i.2xlarge"];

/** From how many tasks which instances cost less, by the size of a task. */
function crossings(plan: StackPlan): string {
  const head = ["a task", ...types].join(" | ");
  const rows = sizes.map((size) => {
    const cells = types.map((name) => {
      const type = instanceTypes.get(name);
      if (type === undefined) throw new Error(`${name} is not known`);
      const ec2 = { ...plan.ec2, instanceType: name, type };
      const { perInstance, cheaper } = crossingOf({ ...plan, ec2 }, size, 0);
      if (perInstance === 0) return "too large";
      return cheaper === undefined ? "never" : `from ${cheaper.always}`;
    });
    return [sizeText(size), ...cells].join(" | ");
  });
  const lines = [head, types.map(() => "---").join(" | "), ...rows].map((row) => `| ${row} |`);
  return `## Where instances cost less than Fargate

A stack with one service of such tasks, in ${plan.region}, on demand, with at least ${plan.ec2.minInstances} instances: from so many tasks on
the instances cost less, always. A task has a network interface of its own, so an instance holds few, however large it
is: it pays for tasks that fill it. A t3 may use a part of its CPU only, for long.

${lines.join("\n").replace("| --- |", "| --- | --- |")}
`;
}

function sources(): string {
  const rows = priceSources.map(({ what, page, from }) => `| ${what} | [AWS](${page}) | ${from} |`);
  const known = pricedRegions.map(
    (region) =>
      `- ${region}: ${pricedFamilies(region).join(", ")}, each small to 4xlarge where there is one`,
  );
  return `## The prices

Looked up on ${pricesLookedUp} in copies of AWS's lists, not at AWS itself: before you rely on them, see AWS's pages. They stand
in \`tools/costs/prices.ts\`, one region after the other; a region or a type that is not there is an error that names those
that are. Known are Fargate and

${known.join("\n")}

| of | AWS's page | taken from |
| --- | --- | --- |
${rows.join("\n")}
`;
}

if (import.meta.main) writeFileSync(resolve(root, costsPage), costsDocs());
