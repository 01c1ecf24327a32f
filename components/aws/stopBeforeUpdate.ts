import * as pulumi from "@pulumi/pulumi";
import type { AwsConnection } from "../../provider/messages.ts";

/** What a service update has to be able to do first: see {@link stopBeforeUpdate}. */
export type Stop = (service: {
  connection: AwsConnection;
  cluster: string;
  service: string;
}) => Promise<void>;

/**
 * A hook that undoes whatever deployment of a service is in flight before the service is updated,
 * and waits for its end: ECS answers an update during a deployment by rolling one over the other,
 * and the pauses of the first would be answered by nobody.
 *
 * @param stop - Default: over the service's own API.
 */
export function stopBeforeUpdate(
  name: string,
  connection: AwsConnection,
  stop: Stop = stopOnEcs,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`${name}-stop-in-flight`, async ({ id, oldOutputs }) => {
    const cluster: unknown = oldOutputs?.cluster;
    if (typeof cluster !== "string") {
      throw new Error(
        `the state of service ${id} doesn't name its cluster, ` +
          "so a deployment in flight can't be stopped: run `pulumi refresh` and try again.",
      );
    }
    try {
      await stop({ connection, cluster, service: id });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `service ${name} is not updated, as a deployment may be in flight that could not be ` +
          `stopped: ${reason}`,
        { cause },
      );
    }
  });
}

/** Loaded when it is needed: the SDK takes longer to load than the whole program. */
const stopOnEcs: Stop = async (service) => {
  const { stopInFlight } = await import("../../provider/ecs/stopInFlight.ts");
  await stopInFlight(service);
};
