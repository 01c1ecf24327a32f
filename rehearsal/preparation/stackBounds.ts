// The program's own number; a second one here would go stale.
import { rolloutPace } from "../../components/rolloutPlan.ts";
import { type Bounds, boundsOf } from "../judge/bounds.ts";
import type { Workspace } from "../stage/workspace.ts";
import { preparedTargets } from "./preparedTargets.ts";
import { healthOf, stackSettings } from "./stackSettings.ts";

/** The design's bounds, by the settings that the stack of a workspace has now. */
export async function stackBounds(workspace: Workspace, speed: number): Promise<Bounds> {
  const settings = await stackSettings(workspace);
  const { datapoints } = preparedTargets[settings.target];
  const [service = "platform"] = Object.keys(settings.services);
  return boundsOf({
    speed,
    alarms: { ...settings.alarms, datapoints: datapoints(settings.alarms) },
    rollout: settings.rollout,
    check: healthOf(settings, service).loadBalancer,
    tasks: settings.services[service]?.tasks.min ?? 1,
    lookSeconds: rolloutPace.alarmIntervalSeconds,
  });
}
