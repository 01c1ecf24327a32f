import type { Clock } from "../clock.ts";
import { arnOf, Deployments, goesForward } from "./deployments.ts";
import type { EcsApi, ServiceAddress } from "./ecsApi.ts";
import { requestRollBack } from "./requestRollBack.ts";

/** Minutes of cloud time that a roll-back may take. */
const limitMinutes = 60;

/** Seconds of cloud time between two looks. */
const lookSeconds = 5;

/**
 * Rolls back a deployment that is in flight, and waits until it has ended; does nothing when there is none.
 *
 * @param signal - ends the waiting, never the request.
 * @param pollSeconds - pause after the first look; it grows to 5.
 * @throws Error when the deployment has not ended after an hour, or ECS refuses.
 */
export async function rollBackInFlight(
  api: EcsApi,
  { cluster, service }: ServiceAddress,
  clock: Clock,
  signal: AbortSignal,
  pollSeconds = lookSeconds,
): Promise<void> {
  const deployments = new Deployments(api, { cluster, service });
  const end = clock.now() + limitMinutes * 60_000;
  for (let looks = 0; ; looks += 1) {
    // Not abortable: the request goes out even when nobody waits for its end any more.
    const inFlight = await deployments.inFlight();
    if (inFlight.length === 0) return;
    for (const deployment of inFlight.filter(goesForward)) {
      await requestRollBack(api, arnOf(deployment));
    }
    if (clock.now() > end) {
      const arns = inFlight.map(arnOf).join(", ");
      throw new Error(`${service}: ${arns} has not ended ${limitMinutes} min after its roll-back`);
    }
    await clock.sleep(Math.min(lookSeconds, pollSeconds * (1 + looks / 10)), signal);
  }
}
