import type { Command } from "./command.ts";
import { onItsWay } from "./onItsWay.ts";

/** Has the release undone; the cloud finishes it alone. */
export const abort: Command = async ({ stack, service, control, by, signal }) => {
  const status = await control.status(signal);
  const { candidate, live } = status;
  const back = live ? `traffic is back on release ${live.release}` : "nothing is live";
  if (candidate?.isUndone) {
    return `Release ${candidate.release} of ${service} is being undone already (${candidate.status}); ${back} in the end.`;
  }
  const { release } = onItsWay(service, status, "to undo");
  await control.abortNow(by, signal);
  return `Release ${release} of ${service} is being undone; ${back} in the end. See: npm run release -- ${stack} status --service ${service}`;
};
