import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConnection } from "../../provider/messages.ts";
import { type RecordedPromotion, recordedPromotions } from "../recordedPromotions.ts";

/** What has to be so before a service is updated: see `provider/ecs/prepareUpdate.ts`. */
export type Prepare = (service: {
  connection: AwsConnection;
  cluster: string;
  service: string;
  /** What the last promotion left live. */
  expected?: { revision: string };
}) => Promise<void>;

export interface PrepareBeforeUpdateDeps {
  /** @default over the service's own API */
  prepare?: Prepare;
  /** @default what the stack's own state says */
  recorded?: () => Promise<ReadonlyMap<string, RecordedPromotion>>;
}

/**
 * A hook that clears the way before a service is updated, which is a deployment: another runner at
 * it or a live release that somebody changed by hand fails the update, and a deployment in flight is
 * undone. ECS would roll the new one over the other, whose pauses nobody would answer then.
 */
export function prepareBeforeUpdate(
  name: string,
  connection: AwsConnection,
  { prepare = prepareOnEcs, recorded = recordedPromotions }: PrepareBeforeUpdateDeps = {},
): pulumi.ResourceHook {
  // The engine calls hooks from outside the program, where the SDK doesn't know whom to ask.
  const inProgram = AsyncLocalStorage.snapshot();
  return new pulumi.ResourceHook(`${name}-prepare-update`, async ({ id, oldOutputs }) => {
    const cluster: unknown = oldOutputs?.cluster;
    if (typeof cluster !== "string") {
      throw new Error(
        `the state of service ${id} doesn't name its cluster, ` +
          "so it can't be prepared for an update: run `pulumi refresh` and try again.",
      );
    }
    try {
      const live = (await inProgram(recorded)).get(name)?.live;
      const expected = live && { revision: live.revision };
      await prepare({ connection, cluster, service: id, ...(expected && { expected }) });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`service ${name} is not updated: ${reason}`, { cause });
    }
  });
}

/** Loaded when it is needed: the SDK takes longer to load than the whole program. */
const prepareOnEcs: Prepare = async (service) => {
  const { prepareUpdate } = await import("../../provider/ecs/prepareUpdate.ts");
  await prepareUpdate(service);
};
