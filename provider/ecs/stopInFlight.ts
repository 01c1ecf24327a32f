import { type Clock, systemClock } from "../clock.ts";
import type { AwsConnection } from "../messages.ts";
import { ecsClient } from "./awsClients.ts";
import { arnOf, Deployments, goesForward } from "./deployments.ts";
import type { EcsApi, ServiceAddress } from "./ecsApi.ts";
import { requestRollBack } from "./requestRollBack.ts";

export interface StopInFlightArgs {
  connection: AwsConnection;
  /** Name or ARN. */
  cluster: string;
  /** Name or ARN. */
  service: string;
  clock?: Clock;
  /** Ends the waiting, never the request. */
  signal?: AbortSignal;
}

/** Minutes of cloud time that a roll-back may take. */
const limitMinutes = 60;

/**
 * Rolls back a deployment that is in flight, and waits until it has ended; does nothing when there is none.
 *
 * @throws Error when the deployment has not ended after an hour, or ECS refuses.
 */
export async function stopInFlight(args: StopInFlightArgs): Promise<void> {
  const { connection, clock = systemClock, signal = new AbortController().signal } = args;
  const client = await ecsClient(connection);
  try {
    await rollBackInFlight(client, args, clock, signal);
  } finally {
    client.destroy();
  }
}

export async function rollBackInFlight(
  api: EcsApi,
  { cluster, service }: ServiceAddress,
  clock: Clock,
  signal: AbortSignal,
  pollSeconds = 5,
): Promise<void> {
  const deployments = new Deployments(api, { cluster, service });
  const end = clock.now() + limitMinutes * 60_000;
  for (;;) {
    // Not abortable: see StopInFlightArgs.signal.
    const inFlight = await deployments.inFlight();
    if (inFlight.length === 0) return;
    for (const deployment of inFlight.filter(goesForward)) {
      await requestRollBack(api, arnOf(deployment));
    }
    if (clock.now() > end) {
      const arns = inFlight.map(arnOf).join(", ");
      throw new Error(`${service}: ${arns} has not ended ${limitMinutes} min after its roll-back`);
    }
    await clock.sleep(pollSeconds, signal);
  }
}
