/** The rollout provider's own process in a rehearsal: the project's provider, with the rehearsal's clock. */
import { scaledClock } from "../../provider/clock.ts";
import { serveRollout } from "../../provider/serveRollout.ts";
import type { RolloutHostSpec } from "./rolloutHost.ts";
import { sabotaged } from "./sabotaged.ts";

const { speed, epoch, promotion }: RolloutHostSpec = JSON.parse(process.argv[2] ?? "");
const { port } = await serveRollout({
  ...(promotion && sabotaged[promotion]()),
  clock: scaledClock({ speed, epoch }),
});
process.on("disconnect", () => process.exit(0));
process.send?.({ port });
