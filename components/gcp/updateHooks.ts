import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { KeepNotesArgs } from "../../provider/cloudRun/keepNotes.ts";
import type { PrepareUpdateArgs } from "../../provider/cloudRun/prepareUpdate.ts";
import { messageOf } from "../../provider/messageOf.ts";
import type { GcpConnection } from "../../provider/messages.ts";
import type { RecordedPromotion } from "../recordedPromotions.ts";

/** What is done around an update of a service, over Cloud Run's own API. */
export interface UpdateSteps {
  /** See `provider/cloudRun/prepareUpdate.ts`. @returns the service's annotations. */
  prepare(service: PrepareUpdateArgs): Promise<Annotations>;
  /** See `provider/cloudRun/keepNotes.ts`. */
  keepNotes(notes: KeepNotesArgs): Promise<void>;
}

type Annotations = KeepNotesArgs["before"];

/** A connection whose credentials may come later. */
export type ConnectionInput = { [Key in keyof GcpConnection]: pulumi.Input<GcpConnection[Key]> };

export interface UpdateHooksArgs {
  connection: ConnectionInput;
  /** Full name: `projects/PROJECT/locations/REGION/services/NAME`. */
  service: string;
  /** What is recorded of the service's promotion, or of Cloud Deploy's; undefined where there has been none. */
  recorded: (Pick<RecordedPromotion, "live" | "drift"> & { delivered?: boolean }) | undefined;
}

/**
 * Hooks around updates of a service. Before one, the way is cleared: the update carries the whole traffic, as the
 * program found it recorded, so what was changed since would be undone by it unseen: another runner at it or somebody's
 * hand fails the update, what a refresh has shown is put back, and so is what a runner that died has left. It carries
 * annotations as the state knows them, too: after it, whether it went well or not, notes are put back to what they were.
 *
 * @param steps - Default: over Cloud Run's own API.
 */
export function updateHooks(
  name: string,
  { connection, service, recorded }: UpdateHooksArgs,
  steps: UpdateSteps = onCloudRun,
): pulumi.ResourceHookBinding {
  // The engine calls hooks from outside the program, where the SDK doesn't know whom to tell.
  const inProgram = AsyncLocalStorage.snapshot();
  const warn = (message: string) => void inProgram(() => pulumi.log.warn(`${name}: ${message}`));
  const known = new Promise<GcpConnection>((resolve) => {
    pulumi.output<ConnectionInput>(connection).apply(resolve);
  });
  let before: Annotations | undefined;
  const prepare = new pulumi.ResourceHook(`${name}-prepare-update`, async ({ newInputs }) => {
    try {
      const live = recorded?.live?.revision;
      if (live !== undefined && !leadsTo(live, newInputs?.traffics))
        throw new Error(elsewhere(live));
      before = await steps.prepare({
        connection: await known,
        service,
        ...expectedOf(recorded),
        announce: warn,
      });
    } catch (cause) {
      throw new Error(`service ${name} is not updated: ${messageOf(cause)}`, { cause });
    }
  });
  const keep = async ({ oldOutputs }: Pick<pulumi.ResourceHookArgs, "oldOutputs">) => {
    if (!before) return;
    try {
      const sent = annotationsIn(oldOutputs?.effectiveAnnotations);
      await steps.keepNotes({ connection: await known, service, before, sent });
    } catch (cause) {
      throw new Error(`service ${name} is updated, but ${lost}: ${messageOf(cause)}`, { cause });
    }
  };
  return {
    beforeUpdate: [prepare],
    afterUpdate: [new pulumi.ResourceHook(`${name}-keep-notes`, keep)],
    onError: [
      new pulumi.ErrorHook(`${name}-keep-notes-of-failed`, async (args) => {
        if (args.failedOperation !== "update") return false;
        // The update's own failure is what has to be told.
        await keep(args).catch((error: unknown) => warn(messageOf(error)));
        return false;
      }),
    ],
  };
}

const lost =
  "a hold on its releases may be lost by it, or one that is over may be back; see `npm run release -- STACK status`";

/** Annotations in a state. */
function annotationsIn(value: unknown): Annotations {
  const entries = Object.entries(Object(value));
  return Object.fromEntries(entries.map(([key, text]) => [key, String(text)]));
}

const elsewhere = (live: string) =>
  `${live} is live, and this update would take traffic from it past the gate: its release stays the same, so that the ` +
  "traffic is left as the state has it, which is that of an older deployment. `pulumi up --refresh` finds out where the " +
  "traffic is, and leaves it there.";

/** Whether all production traffic that an update declares is a revision's, by its name. */
function leadsTo(revision: string, traffics: unknown): boolean {
  const targets = (Array.isArray(traffics) ? traffics : []).map((target: unknown) =>
    Object(target),
  );
  const taking = targets.filter((target) => Number(Reflect.get(target, "percent") ?? 0) > 0);
  return (
    taking.length > 0 && taking.every((target) => Reflect.get(target, "revision") === revision)
  );
}

function expectedOf(recorded: UpdateHooksArgs["recorded"]): Pick<PrepareUpdateArgs, "expected"> {
  if (!recorded?.live) return {};
  const { live, drift, delivered = false } = recorded;
  return { expected: { revision: live.revision, drift, ...(delivered && { delivered }) } };
}

/** Loaded when it is needed: the client takes longer to load than the whole program. */
const onCloudRun: UpdateSteps = {
  async prepare(service) {
    const { prepareUpdate } = await import("../../provider/cloudRun/prepareUpdate.ts");
    return prepareUpdate(service);
  },
  async keepNotes(notes) {
    const { keepNotes } = await import("../../provider/cloudRun/keepNotes.ts");
    await keepNotes(notes);
  },
};
