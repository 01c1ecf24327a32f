import type { RolloutDeps } from "../../provider/serveRollout.ts";
import { blindProbe } from "./sabotage/blindProbe.ts";
import { openGate } from "./sabotage/openGate.ts";
import { quietAlarms } from "./sabotage/quietAlarms.ts";
import { withCloud } from "./sabotage/withCloud.ts";

/** Parts of the promotion with one protection taken away each, by name. */
export const sabotaged = {
  skipsGate: () => withCloud((cloud) => ({ ...cloud, controller: openGate(cloud.controller) })),
  ignoresThreshold: () => ({ probe: blindProbe }),
  ignoresAlarms: () => withCloud((cloud) => ({ ...cloud, alarms: quietAlarms(cloud.alarms) })),
} satisfies Record<string, () => Partial<RolloutDeps>>;

export type PromotionSabotage = keyof typeof sabotaged;
