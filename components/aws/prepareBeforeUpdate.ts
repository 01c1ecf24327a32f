import { AsyncLocalStorage } from "node:async_hooks";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { PrepareUpdateArgs } from "../../provider/ecs/prepareUpdate.ts";
import { messageOf } from "../../provider/messageOf.ts";
import type { AwsConnection } from "../../provider/messages.ts";
import { type RecordedPromotion, recordedPromotions } from "../recordedPromotions.ts";

/** What has to be so before a service is updated: see `provider/ecs/prepareUpdate.ts`. */
export type Prepare = (service: PrepareUpdateArgs) => Promise<void>;

export interface PrepareBeforeUpdateDeps {
  /** @default over the service's own API */
  prepare?: Prepare;
  /** @default what the stack's own state says */
  recorded?: () => Promise<ReadonlyMap<string, RecordedPromotion>>;
}

/**
 * A hook that clears the way before a service is updated, which is a deployment: another runner at
 * it or something that somebody changed by hand unseen fails the update, what a refresh has shown is
 * put back, and a deployment in flight is undone. ECS would roll the new one over the other, whose
 * pauses nobody would answer then.
 */
export function prepareBeforeUpdate(
  name: string,
  service: { connection: AwsConnection; tasks: { min: number; max: number } },
  { prepare = prepareOnEcs, recorded = recordedPromotions }: PrepareBeforeUpdateDeps = {},
): pulumi.ResourceHook {
  // The engine calls hooks from outside the program, where the SDK doesn't know whom to ask. And asked in every run,
  // the reader is in every state: one that comes with updates alone would be a change in the run after.
  const inProgram = AsyncLocalStorage.snapshot();
  const promotions = recorded();
  // A run without an update has no use for it.
  promotions.catch(() => undefined);
  return new pulumi.ResourceHook(`${name}-prepare-update`, async (args) => {
    const { id, oldOutputs } = args;
    const cluster: unknown = oldOutputs?.cluster;
    if (typeof cluster !== "string") {
      throw new Error(
        `the state of service ${id} doesn't name its cluster, ` +
          "so it can't be prepared for an update: run `pulumi refresh` and try again.",
      );
    }
    try {
      const promotion = (await promotions).get(name);
      const { connection, tasks } = service;
      await prepare({
        connection,
        cluster,
        service: id,
        tasks: eitherLimits(tasks, promotion?.tasks),
        ...expectedOf(promotion, oldOutputs?.taskDefinition),
        announce: (message) => void inProgram(() => pulumi.log.warn(`${name}: ${message}`)),
      });
      if (hasNoFollower(args, promotion)) throw new Error(noFollower);
    } catch (cause) {
      throw new Error(`service ${name} is not updated: ${messageOf(cause)}`, { cause });
    }
  });
}

const noFollower =
  "it would only go back to the task definition that its promotion has had all along, so the promotion would not " +
  "follow that deployment. A runner has died in between: `pulumi up --refresh` finds out what is live.";

/**
 * Whether the promotion would see no difference: the service was told to run something else by a runner that died
 * before the promotion could remember it, and now has to go back.
 */
function hasNoFollower(
  { oldInputs, newInputs }: pulumi.ResourceHookArgs,
  promotion: RecordedPromotion | undefined,
): boolean {
  if (!promotion) return false;
  const { tried, live, drift } = promotion;
  const isDone = tried !== undefined && live?.revision === tried && drift.length === 0;
  if (!isDone || newInputs?.taskDefinition !== tried) return false;
  const { taskDefinition: _old, ...before } = oldInputs ?? {};
  const { taskDefinition: _new, ...after } = newInputs;
  return isDeepStrictEqual(before, after);
}

/**
 * Scaling is told of new limits after the service's update; or was told already, when the release of that update failed.
 * So a number within the limits of either is nobody's hand.
 */
function eitherLimits(
  { min, max }: { min: number; max: number },
  before: { min: number; max: number } = { min, max },
): { min: number; max: number } {
  return { min: Math.min(min, before.min), max: Math.max(max, before.max) };
}

function expectedOf(
  promotion: RecordedPromotion | undefined,
  tried: unknown,
): Pick<PrepareUpdateArgs, "expected"> {
  if (!promotion?.live) return {};
  const { live, drift } = promotion;
  const { revision } = live;
  return { expected: { revision, ...(typeof tried === "string" && { tried }), drift } };
}

/** Loaded when it is needed: the SDK takes longer to load than the whole program. */
const prepareOnEcs: Prepare = async (service) => {
  const { prepareUpdate } = await import("../../provider/ecs/prepareUpdate.ts");
  await prepareUpdate(service);
};
