import { messageOf } from "../provider/messageOf.ts";
import type { ReleaseControl } from "../provider/releaseControl.ts";
import { CannotDo } from "./cannotDo.ts";
import type { Service } from "./readServices.ts";

/**
 * Works on one service's release over a connection that ends with the work.
 *
 * @throws CannotDo that names the service and where it was looked for, in place of a cloud's bare words.
 */
export async function withControl<T>(
  place: Service,
  work: (control: ReleaseControl) => Promise<T>,
): Promise<T> {
  let control: Connected | undefined;
  try {
    control = await connect(place);
    return await work(control);
  } catch (error) {
    if (error instanceof CannotDo || !isOfCloud(error)) throw error;
    const { region } = place.connection;
    throw new CannotDo(`${place.service}: ${nameOf(place)} in ${region}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    control?.close();
  }
}

type Connected = ReleaseControl & { close(): void };

/** The SDKs take a moment, which a wrong command line must not cost. */
async function connect(place: Service): Promise<Connected> {
  if (place.kind === "cloudRun") {
    const { connectControl } = await import("../provider/cloudRun/cloudRunControl.ts");
    const { cloudRunService: service, connection, live } = place;
    return connectControl({ service, connection, live });
  }
  const { connectControl } = await import("../provider/ecs/ecsControl.ts");
  const { cluster, ecsService: service, connection, tasks } = place;
  return connectControl({ connection, cluster, service, ...(tasks && { tasks }) });
}

function nameOf(place: Service): string {
  return place.kind === "ecs"
    ? `ECS does not answer for ${place.ecsService}`
    : `Cloud Run does not answer for ${place.cloudRunService}`;
}

/** The SDKs' errors, and those of their way to credentials and to the network, say of which kind they are. */
function isOfCloud(error: unknown): boolean {
  return (
    error instanceof Error &&
    ("$metadata" in error ||
      "$fault" in error ||
      "code" in error ||
      error.name === "GoogleError" ||
      error.name === "NoCredentials" ||
      error.name === "TimeoutError" ||
      error.name === "CredentialsProviderError")
  );
}
