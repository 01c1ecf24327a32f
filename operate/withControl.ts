import { messageOf } from "../provider/messageOf.ts";
import { CannotDo } from "./cannotDo.ts";
import type { Service } from "./readServices.ts";
import type { ReleaseControl } from "./releaseControl.ts";

/**
 * Works on one service's release over a connection that ends with the work.
 *
 * @throws CannotDo that names the service and where it was looked for, in place of a cloud's bare words.
 */
export async function withControl<T>(
  place: Service,
  work: (control: ReleaseControl) => Promise<T>,
): Promise<T> {
  const { service, cluster, ecsService, connection, tasks } = place;
  // The SDK takes a moment, which a wrong command line must not cost.
  const { connectControl } = await import("../provider/ecs/ecsControl.ts");
  const control = await connectControl({
    connection,
    cluster,
    service: ecsService,
    ...(tasks && { tasks }),
  });
  try {
    return await work(control);
  } catch (error) {
    if (error instanceof CannotDo || !isOfCloud(error)) throw error;
    throw new CannotDo(
      `${service}: ECS does not answer for ${ecsService} in ${connection.region}: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    control.close();
  }
}

/** The SDK's errors, and those of its way to credentials and to the network, say of which kind they are. */
function isOfCloud(error: unknown): boolean {
  return (
    error instanceof Error &&
    ("$metadata" in error ||
      "$fault" in error ||
      "code" in error ||
      error.name === "CredentialsProviderError")
  );
}
