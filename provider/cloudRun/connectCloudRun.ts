import type { Cloud, CloudContext } from "../cloud.ts";
import type { CloudRunDeploymentInputs } from "../messages.ts";
import { CloudRunController } from "./cloudRunController.ts";
import { CloudRunFigures } from "./cloudRunFigures.ts";
import { connectRun } from "./connectRun.ts";
import { GoogleIdentity } from "./googleIdentity.ts";
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
  const { run, auth, time } = await connectRun(connection, clock, toleranceSeconds);
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
