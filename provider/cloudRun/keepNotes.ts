import type { Clock } from "../clock.ts";
import type { GcpConnection } from "../messages.ts";
import { annotations, withoutAnnotations } from "./annotations.ts";
import { changeService } from "./changeService.ts";
import { isGone, type RunApi } from "./runApi.ts";
import { withRunApi } from "./withRunApi.ts";

type Annotations = Readonly<Record<string, string>>;

export interface KeepNotesArgs {
  connection: GcpConnection;
  /** Full name: `projects/PROJECT/locations/REGION/services/NAME`. */
  service: string;
  /** The service's annotations before the update. */
  before: Annotations;
  /** Those that the update carried: what the state knew of them. */
  sent: Annotations;
  /** @default Google's own time */
  clock?: Clock;
}

const ours = Object.values(annotations);

/**
 * Takes back what an update of a service has made of runners' and people's notes: it carries them as the state knows
 * them, so that a hold that came later is lost, and what a refresh saw of a promotion that is over comes back. What
 * somebody has said since stays.
 */
export async function keepNotes({ connection, clock, ...args }: KeepNotesArgs): Promise<void> {
  if (changedIn(args).length === 0) return;
  await withRunApi(connection, clock, (api, time) => restoreNotes(args, api, time));
}

export async function restoreNotes(
  args: Pick<KeepNotesArgs, "service" | "before" | "sent">,
  api: RunApi,
  clock: Clock,
): Promise<void> {
  const { service: name, before, sent } = args;
  const changed = changedIn(args);
  if (changed.length === 0) return;
  try {
    await changeService(
      api,
      name,
      ({ annotations: now }) => {
        const lost = changed.filter((key) => now[key] === sent[key]);
        if (lost.length === 0) return undefined;
        const back = lost.flatMap((key) => (key in before ? [[key, before[key] ?? ""]] : []));
        return { annotations: { ...withoutAnnotations(now, lost), ...Object.fromEntries(back) } };
      },
      clock,
    );
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Notes that the update would have changed. */
function changedIn({ before, sent }: Pick<KeepNotesArgs, "before" | "sent">) {
  return ours.filter((key) => before[key] !== sent[key]);
}
