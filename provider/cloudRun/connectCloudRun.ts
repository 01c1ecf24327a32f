import type { Cloud, CloudContext } from "../cloud.ts";
import { datedClock } from "../datedClock.ts";
import type { CloudRunDeploymentInputs } from "../messages.ts";
import { CloudRunController } from "./cloudRunController.ts";
import { CloudRunFigures } from "./cloudRunFigures.ts";
import { googleAuth } from "./googleAuth.ts";
import { GoogleIdentity } from "./googleIdentity.ts";
import { GoogleRun } from "./googleRun.ts";
import { noAlarms } from "./noAlarms.ts";
import { shortName } from "./runApi.ts";

/** A machine's clock may be wrong by minutes, but claims are judged by others. Smaller differences do no harm. */
const toleranceSeconds = 30;

/** Google Cloud Run with Cloud Monitoring's figures. */
export async function connectCloudRun(
  deployment: CloudRunDeploymentInputs,
  { clock, live, release }: CloudContext,
): Promise<Cloud> {
  const { connection, cloudRunService } = deployment;
  const time = datedClock(clock, toleranceSeconds);
  const auth = await googleAuth(connection, time.dated);
  const run = new GoogleRun(connection, auth);
  const place = { region: connection.region, service: shortName(cloudRunService) };
  const monitoring = async () => {
    const { GoogleFigures } = await import("./googleFigures.ts");
    return new GoogleFigures(connection, auth);
  };
  return {
    controller: new CloudRunController({ deployment, release, live }, run, time),
    alarms: noAlarms,
    figures: new CloudRunFigures(place, monitoring),
    identity: new GoogleIdentity(connection),
  };
}
