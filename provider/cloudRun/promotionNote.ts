/** A promotion that has begun and not ended: what it brings, and what it takes the traffic from. */
export interface PromotionNote {
  release: string;
  /** Of the candidate. */
  revision: string;
  /** Revision that was live before; undefined where nothing was. */
  from: string | undefined;
  /** ISO 8601. */
  since: string;
}

const nothing = "nothing";

/** `release ID revision NAME from NAME since TIME` */
const form =
  /^release (?<release>\S+) revision (?<revision>\S+) from (?<from>\S+) since (?<since>\S+)$/u;

export function writePromotion({ release, revision, from = nothing, since }: PromotionNote) {
  return `release ${release} revision ${revision} from ${from} since ${since}`;
}

/** @returns undefined for a text that no promotion wrote. */
export function readPromotion(value: string | undefined): PromotionNote | undefined {
  const { release, revision, from, since } = value?.match(form)?.groups ?? {};
  if (release === undefined || revision === undefined || since === undefined) return undefined;
  return { release, revision, from: from === nothing ? undefined : from, since };
}
