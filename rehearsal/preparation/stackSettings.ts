// The program's own reader fills in the defaults; a second list of them here would go stale.
import { checkSettings } from "../../settings/checkSettings.ts";
import { serviceHealth } from "../../settings/healthChecks.ts";
import { describeProblem } from "../../settings/problems.ts";
import type { ParsedSettings } from "../../settings/schema.ts";
import { cloudOf } from "../clouds.ts";
import { projectRoot, type Workspace } from "../stage/workspace.ts";

export type StackSettings = ParsedSettings;

/**
 * A stack's settings as the program will see them.
 *
 * @throws Error that lists everything that is wrong with them, or says that they can't be rehearsed.
 */
export async function stackSettings(workspace: Workspace): Promise<StackSettings> {
  const { place } = await cloudOf(workspace);
  const { region } = await workspace.place(place);
  const { settings, problems } = checkSettings(await workspace.settings(), {
    root: projectRoot,
    region,
  });
  if (settings?.delivery === "cloudDeploy") {
    throw new Error(
      "symphainy:delivery is cloudDeploy, and Cloud Deploy is not rehearsed. Write pulumi there to rehearse the promotion with the same settings, without symphainy:cloudDeploy.",
    );
  }
  if (settings) return settings;
  throw new Error(
    ["The stack's settings are wrong:", ...problems.map(describeProblem)].join("\n  "),
  );
}

/** The health contract of one of the services. */
export function healthOf(settings: StackSettings, service: string) {
  return serviceHealth(settings.health, settings.services[service]?.health);
}
