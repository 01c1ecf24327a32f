import { z } from "zod";
import { historyLength, type LiveRelease, type PromotionRecord } from "./messages.ts";
import { type Json, type Properties, revealAll } from "./properties.ts";

/** What a promotion remembers besides its inputs. */
export interface PromotionState {
  /** Undefined where nothing has ever gone live. */
  live: LiveRelease | undefined;
  /** Newest first. */
  history: PromotionRecord[];
  /** What was found to be changed by hand. */
  drift: string[];
}

const liveSchema = z.object({
  release: z.string(),
  revision: z.string(),
  configuration: z.string().default("unknown"),
  since: z.string(),
});

const recordSchema = z.object({
  release: z.string(),
  revision: z.string(),
  configuration: z.string(),
  image: z.string(),
  from: z.string().optional(),
  by: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  verdict: z.enum(["live", "undone", "failed"]),
  reason: z.string().optional(),
  figures: z
    .object({
      requests: z.number(),
      errorPercent: z.number(),
      p95: z.number().optional(),
      baselineP95: z.number().optional(),
    })
    .optional(),
});

/** The state that outputs hold; what can't be read in them is left out. */
export function stateIn(outputs: Properties): PromotionState {
  const { live, history, drift } = revealAll(outputs);
  return {
    live: liveSchema.safeParse(live).data,
    history: listIn(history).flatMap((item) => recordSchema.safeParse(item).data ?? []),
    drift: listIn(drift).filter((item) => typeof item === "string"),
  };
}

/** As properties, to be put beside the inputs. */
export function stateProperties({ live, history, drift }: PromotionState): Properties {
  return { ...(live && { live: { ...live } }), history: history.map(recordProperties), drift };
}

/** Releases that went live and stay in the history, however many have failed since: one can go back to them. */
const keptLive = 5;

/** The history with one more record, and without the oldest one that can be missed when there are too many. */
export function remember(
  history: readonly PromotionRecord[],
  record: PromotionRecord,
): PromotionRecord[] {
  const all = [record, ...history];
  if (all.length <= historyLength) return all;
  const kept = new Set(all.filter(({ verdict }) => verdict === "live").slice(0, keptLive));
  const goes = all.findLast((one) => !kept.has(one));
  return all.filter((one) => one !== goes);
}

/** JSON has no undefined. */
function recordProperties({ figures, ...record }: PromotionRecord): Json {
  const known = Object.entries({ ...record, ...(figures && { figures: { ...figures } }) });
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

function listIn(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
