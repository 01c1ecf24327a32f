import type { RolloutDeps } from "../../provider/serveRollout.ts";
import { believing } from "./sabotage/believing.ts";
import { blindProbe } from "./sabotage/blindProbe.ts";
import { flatteringFigures } from "./sabotage/flatteringFigures.ts";
import { inverted } from "./sabotage/inverted.ts";
import { manifoldFigures } from "./sabotage/manifoldFigures.ts";
import { openGate } from "./sabotage/openGate.ts";
import { quietAlarms } from "./sabotage/quietAlarms.ts";
import { withCloud } from "./sabotage/withCloud.ts";

/** Parts of the promotion with one protection taken away each, by name. */
export const sabotaged = {
  skipsGate: () => withCloud((cloud) => ({ ...cloud, controller: openGate(cloud.controller) })),
  ignoresThreshold: () => ({ probe: blindProbe }),
  ignoresAlarms: () => withCloud((cloud) => ({ ...cloud, alarms: quietAlarms(cloud.alarms) })),
  ignoresTraffic: () =>
    withCloud((cloud) => ({
      ...cloud,
      alarms: quietAlarms(cloud.alarms),
      figures: flatteringFigures(cloud.figures),
    })),
  ignoresMinimum: () =>
    withCloud((cloud) => ({ ...cloud, figures: manifoldFigures(cloud.figures) })),
  invertsVerdicts: () =>
    withCloud((cloud) => ({ ...cloud, controller: inverted(cloud.controller) })),
  believesItsState: () => ({ clouds: believing() }),
} satisfies Record<string, () => Partial<RolloutDeps>>;

export type PromotionSabotage = keyof typeof sabotaged;
