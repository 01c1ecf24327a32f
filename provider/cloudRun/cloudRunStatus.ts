import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import { readHold } from "../holdNote.ts";
import { type LiveRelease, releaseLabel } from "../messages.ts";
import type { Candidate, ReleaseStatus, Side } from "../releaseControl.ts";
import { readRunner } from "../runnerNote.ts";
import { annotations } from "./annotations.ts";
import { unfinishedIn } from "./cloudRunStanding.ts";
import type { PromotionNote } from "./promotionNote.ts";
import { isGone, type Readiness, type RunApi, type RunService } from "./runApi.ts";
import { busiest, servingShares } from "./traffic.ts";
import { readWord } from "./wordNote.ts";

export interface CloudRunStatusArgs {
  api: RunApi;
  clock: Clock;
  /** Full name. */
  name: string;
  service: RunService;
  /** What the last promotion left; undefined where it left nothing. */
  known: LiveRelease | undefined;
}

/** Reads how a service stands; drift is somebody else's question. */
export async function readStatus(
  { api, clock, name, service, known }: CloudRunStatusArgs,
  signal?: AbortSignal,
): Promise<Omit<ReleaseStatus, "drift">> {
  const unfinished = unfinishedIn(service, known);
  const shares = servingShares(service);
  const sideOf = async (revision: string, since: string): Promise<Side> => {
    const { release, readiness } = await readRevision(api, `${name}/revisions/${revision}`, signal);
    const weight = shares.get(revision) ?? 0;
    const told = [readiness.state, readiness.message].filter((text) => text !== "").join(": ");
    const none = { tasks: undefined, targets: undefined };
    return { release, revision, since, weight, ...none, readiness: told };
  };
  const live = unfinished ? unfinished.from : busiest(service, known !== undefined);
  const since = live === known?.revision ? known?.since : undefined;
  const runner = runnerIn(service, clock);
  const side = unfinished && (await sideOf(unfinished.revision, unfinished.since));
  return {
    live: live === undefined ? undefined : await sideOf(live, since ?? service.updatedAt),
    candidate: unfinished &&
      side && { ...side, ...describeRun(service, unfinished, side, !!runner) },
    runner,
    hold: readHold(service.annotations[annotations.hold]),
  };
}

/** Who follows the release, for as long as that counts. */
export function runnerIn(service: RunService, clock: Clock): ReleaseStatus["runner"] {
  const note = readRunner(service.annotations[annotations.runner]);
  if (!note || note.until <= clock.now()) return undefined;
  return { by: note.by, since: new Date(note.since).toISOString() };
}

function describeRun(
  service: RunService,
  { revision }: PromotionNote,
  { weight, readiness }: Side,
  isFollowed: boolean,
): Omit<Candidate, keyof Side> {
  const word = readWord(service.annotations[annotations.word]);
  const isUndone = word?.word === "abort";
  const isReady = readiness?.startsWith("ready") === true;
  const stage = weight === 0 ? "its own URL" : `${weight} % of the traffic`;
  return {
    deployment: revision,
    status: isReady ? "READY" : "NOT READY",
    statusReason: word && `${word.by} has said ${word.word}`,
    stage,
    isUndone,
    // Nobody but a runner moves anything here.
    timesOut: false,
    checkpoint:
      isFollowed && isReady && !isUndone
        ? { stage, until: undefined, atTimeout: "NOTHING" }
        : undefined,
  };
}

async function readRevision(
  api: RunApi,
  name: string,
  signal: AbortSignal | undefined,
): Promise<{ release: string; readiness: Readiness }> {
  try {
    const { labels, readiness } = await api.getRevision({ name }, abortable(signal));
    return { release: labels[releaseLabel] ?? "unknown", readiness };
  } catch (error) {
    if (!isGone(error)) throw error;
    const readiness = { state: "failed", message: "it does not exist any more" } as const;
    return { release: "unknown", readiness };
  }
}
