import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../../provider/messageOf.ts";
import type { GcpConnection } from "../../provider/messages.ts";

/** What has to be so before a service is updated: see `provider/cloudRun/prepareUpdate.ts`. */
export type Prepare = (service: PrepareUpdateArgs) => Promise<void>;

export interface PrepareUpdateArgs {
  connection: GcpConnection;
  /** Full name: `projects/PROJECT/locations/REGION/services/NAME`. */
  cloudRunService: string;
  /** Revision that the update leaves all traffic on; undefined where nothing has ever been live. */
  declaredLive: string | undefined;
}

/** A connection whose credentials may come later. */
export type ConnectionInput = { [Key in keyof GcpConnection]: pulumi.Input<GcpConnection[Key]> };

/**
 * A hook that clears the way before a service is updated. The update carries the whole traffic, as the program found
 * it recorded, so what was changed since would be undone by it: somebody else's promotion, or somebody's hand. The
 * traffic of a promotion whose runner has died is put back.
 *
 * @param prepare - Default: over Cloud Run's own API.
 */
export function prepareBeforeUpdate(
  name: string,
  { connection, live }: { connection: ConnectionInput; live: string | undefined },
  prepare: Prepare = prepareOnCloudRun,
): pulumi.ResourceHook {
  const known = new Promise<GcpConnection>((resolve) => {
    pulumi.output<ConnectionInput>(connection).apply(resolve);
  });
  return new pulumi.ResourceHook(`${name}-prepare-update`, async ({ id, newInputs }) => {
    try {
      if (live !== undefined && leadsToLatest(newInputs?.traffics)) throw new Error(ungated);
      await prepare({ connection: await known, cloudRunService: id, declaredLive: live });
    } catch (cause) {
      throw new Error(`service ${name} is not updated: ${messageOf(cause)}`, { cause });
    }
  });
}

const ungated =
  "its release is live and stays the same, but something else about it changes, and the state still has the traffic " +
  "of its first deployment: all of it would go to a revision that has passed no gate. `pulumi up --refresh` finds out " +
  "where the traffic is, and leaves it there.";

/** Whether a revision that the update itself may make gets production traffic by it. */
function leadsToLatest(traffics: unknown): boolean {
  return (Array.isArray(traffics) ? traffics : []).some((traffic: unknown) => {
    const target = Object(traffic);
    const type: unknown = Reflect.get(target, "type");
    return String(type).endsWith("_LATEST") && Number(Reflect.get(target, "percent") ?? 0) > 0;
  });
}

/** Loaded when it is needed: the client takes longer to load than the whole program. */
const prepareOnCloudRun: Prepare = async (service) => {
  const [{ prepareUpdate }, { systemClock }] = await Promise.all([
    import("../../provider/cloudRun/prepareUpdate.ts"),
    import("../../provider/clock.ts"),
  ]);
  await prepareUpdate(service, { clock: systemClock });
};
