import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { PrepareUpdateArgs } from "../../provider/cloudRun/prepareUpdate.ts";
import { messageOf } from "../../provider/messageOf.ts";
import type { GcpConnection } from "../../provider/messages.ts";
import type { RecordedPromotion } from "../recordedPromotions.ts";

/** What has to be so before a service is updated: see `provider/cloudRun/prepareUpdate.ts`. */
export type Prepare = (service: PrepareUpdateArgs) => Promise<void>;

/** A connection whose credentials may come later. */
export type ConnectionInput = { [Key in keyof GcpConnection]: pulumi.Input<GcpConnection[Key]> };

export interface PrepareBeforeUpdateArgs {
  connection: ConnectionInput;
  /** Full name: `projects/PROJECT/locations/REGION/services/NAME`. */
  service: string;
  /** What is recorded of the service's promotion, or of Cloud Deploy's; undefined where there has been none. */
  recorded: (Pick<RecordedPromotion, "live" | "drift"> & { delivered?: boolean }) | undefined;
}

/**
 * A hook that clears the way before a service is updated. The update carries the whole traffic, as the program found
 * it recorded, so what was changed since would be undone by it unseen: another runner at it or somebody's hand fails
 * the update, what a refresh has shown is put back, and so is what a runner that died has left.
 *
 * @param prepare - Default: over Cloud Run's own API.
 */
export function prepareBeforeUpdate(
  name: string,
  { connection, service, recorded }: PrepareBeforeUpdateArgs,
  prepare: Prepare = prepareOnCloudRun,
): pulumi.ResourceHook {
  // The engine calls hooks from outside the program, where the SDK doesn't know whom to tell.
  const inProgram = AsyncLocalStorage.snapshot();
  const known = new Promise<GcpConnection>((resolve) => {
    pulumi.output<ConnectionInput>(connection).apply(resolve);
  });
  return new pulumi.ResourceHook(`${name}-prepare-update`, async ({ newInputs }) => {
    try {
      if (recorded?.live && leadsToLatest(newInputs?.traffics)) throw new Error(ungated);
      await prepare({
        connection: await known,
        service,
        ...expectedOf(recorded),
        announce: (message) => void inProgram(() => pulumi.log.warn(`${name}: ${message}`)),
      });
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

function expectedOf(
  recorded: PrepareBeforeUpdateArgs["recorded"],
): Pick<PrepareUpdateArgs, "expected"> {
  if (!recorded?.live) return {};
  const { live, drift, delivered = false } = recorded;
  return { expected: { revision: live.revision, drift, ...(delivered && { delivered }) } };
}

/** Loaded when it is needed: the client takes longer to load than the whole program. */
const prepareOnCloudRun: Prepare = async (service) => {
  const { prepareUpdate } = await import("../../provider/cloudRun/prepareUpdate.ts");
  await prepareUpdate(service);
};
