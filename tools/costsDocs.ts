import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkSettings } from "../settings/checkSettings.ts";
import type { Settings } from "../settings/types.ts";
import { crossingsSection } from "./costs/docs/crossingsSection.ts";
import { sourcesSection } from "./costs/docs/sourcesSection.ts";
import { targetsSection } from "./costs/docs/targetsSection.ts";
import { useSection } from "./costs/docs/useSection.ts";
import type { EcsPlan } from "./costs/ecsPlan.ts";
import { renderCosts } from "./costs/renderCosts.ts";
import { planOf, type StackPlan } from "./costs/stackPlan.ts";

/** Where the page is, from the project's root. */
export const costsPage = "docs/costs.md";

const root = resolve(import.meta.dirname, "..");

const head = `# What a stack costs a month

\`npm run costs -- STACK\` reads \`Pulumi.STACK.yaml\` and says what the stack costs while nothing happens, what it would
cost on the other targets, idle and busy, and where one of them costs less than another. For a stack on AWS it says
besides what another way out of the private subnets costs, and from how many tasks instances cost less than Fargate. It
needs no login and no account. This page is made by the same program: \`node tools/costsDocs.ts\` writes it anew.
`;

/** What the project's own stacks have at first besides the defaults; what they become is the user's affair. */
const own: Readonly<
  Record<Settings["target"], { region: string; settings: Record<string, unknown> }>
> = {
  ec2: { region: "eu-central-1", settings: {} },
  fargate: { region: "eu-central-1", settings: {} },
  cloudrun: {
    region: "europe-west1",
    settings: { services: { platform: { context: "platform", tasks: { min: 1, max: 4 } } } },
  },
};

/** A stack of the project as it is at first. */
export function defaultPlan(target: Settings["target"]): StackPlan {
  const { region } = own[target];
  const { settings, problems } = checkSettings(
    { target, ...own[target].settings },
    { root, region },
  );
  if (settings) return planOf(target, settings, region);
  throw new Error(`the defaults are wrong: ${problems.map(({ finding }) => finding).join(", ")}`);
}

/** The page, from the defaults of the settings and the prices. */
export function costsDocs(): string {
  const plans = (["ec2", "fargate", "cloudrun"] as const).map(defaultPlan);
  const bills = plans.map(
    (plan) => `## \`npm run costs -- ${plan.stack}\`\n\n\`\`\`\n${renderCosts(plan)}\n\`\`\`\n`,
  );
  const onEcs = plans.filter((plan): plan is EcsPlan => plan.capacity === "EC2");
  return [
    head,
    ...onEcs.map(targetsSection),
    ...bills,
    ...onEcs.map(crossingsSection),
    useSection,
    sourcesSection(),
  ].join("\n");
}

if (import.meta.main) writeFileSync(resolve(root, costsPage), costsDocs());
