import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CannotDo } from "../../operate/cannotDo.ts";
import { awsConfiguration } from "../../settings/awsConnection.ts";
import { checkSettings } from "../../settings/checkSettings.ts";
import { gcpConfiguration } from "../../settings/gcpConnection.ts";
import { ownValues } from "../../settings/ownValues.ts";
import { describeProblem, SettingsError } from "../../settings/problems.ts";
import type { ParsedSettings } from "../../settings/schema.ts";
import { type CloudRunPlan, cloudRunPlanOf } from "./cloudRunPlan.ts";
import { type EcsPlan, ecsPlanOf } from "./ecsPlan.ts";

/** What of a stack costs money, wherever it runs; told apart by `capacity`. */
export type StackPlan = EcsPlan | CloudRunPlan;

/** The stacks that have a file in a project's folder. */
export function stacksIn(root: string): string[] {
  return readdirSync(root)
    .flatMap((name) => /^Pulumi\.(?<stack>[\w-]+)\.yaml$/.exec(name)?.groups?.stack ?? [])
    .toSorted();
}

/**
 * Reads the plan from the stack's file alone: neither a login nor an account is needed.
 *
 * @param root - absolute path of the project.
 * @throws CannotDo when there is no such file.
 * @throws SettingsError when the settings are wrong.
 */
export function readPlan(root: string, stack: string, env: NodeJS.ProcessEnv): StackPlan {
  const stacks = stacksIn(root);
  if (!stacks.includes(stack)) {
    const known = stacks.join(", ") || "none";
    throw new CannotDo(
      `There is no Pulumi.${stack}.yaml in ${root}. Stacks with a file: ${known}.`,
    );
  }
  const file = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8");
  const config: Record<string, unknown> = parse(file)?.config ?? {};
  const own = ownValues(config);
  const cloud = own.target === "cloudrun" ? gcpConfiguration : awsConfiguration;
  const { connection, problems } = cloud(texts(config), env);
  const region = connection?.region;
  const checked = checkSettings(own, { root, region });
  const found = [...checked.problems.map(describeProblem), ...problems];
  if (checked.settings === undefined || region === undefined || found.length > 0) {
    throw new SettingsError(stack, found);
  }
  return planOf(stack, checked.settings, region);
}

/** The plan by settings that are checked. */
export function planOf(stack: string, settings: ParsedSettings, region: string): StackPlan {
  const { target } = settings;
  return target === "cloudrun"
    ? cloudRunPlanOf(stack, settings, region)
    : ecsPlanOf(stack, { ...settings, target }, region);
}

/** As the engine would hand them to the cloud's provider. */
function texts(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const own = Object.entries(config).filter(([key]) => /^(aws|gcp):/.test(key));
  return Object.fromEntries(
    own.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
