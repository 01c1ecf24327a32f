export interface MannWhitney {
  /** Pairs of a value and a reference in which the value is the greater one; a tie counts as half a pair. */
  u: number;
  /** Probability of such a `u`, or a greater one, if values and references came from one distribution. */
  p: number;
}

/**
 * Beyond this product of the smaller sample and both together the exact distribution would take more than some
 * 20 million additions, and the normal one is as good.
 */
const exactUpTo = 3000;

/**
 * Mann–Whitney's U test, one-sided: are the values greater than the references?
 *
 * Small samples get their exact p: the share of all the ways to deal out the pooled ranks that give such a `u`. Ties
 * share the mean of their ranks and are part of that count. Large samples get the normal approximation, with its
 * corrections for ties and for continuity.
 *
 * @throws RangeError when a sample is empty or holds something that is not a number.
 */
export function mannWhitney(values: readonly number[], references: readonly number[]): MannWhitney {
  const pooled = [...values, ...references];
  if (values.length === 0 || references.length === 0 || pooled.some(Number.isNaN)) {
    throw new RangeError("Mann–Whitney's test needs two samples of numbers, neither of them empty");
  }
  const { ranks, ties } = rank(pooled);
  const rankSum = sum(values.map((value) => ranks.get(value) ?? 0));
  const n = values.length;
  const m = references.length;
  const u = rankSum / 2 - (n * (n + 1)) / 2;
  if (Math.min(n, m) * (n + m) > exactUpTo) return { u, p: approximateP(u, n, m, ties) };
  const dealt = pooled.map((value) => ranks.get(value) ?? 0);
  // The smaller sample's rank sum has fewer possible values. The other sum is what it leaves.
  if (n <= m) return { u, p: exactP(dealt, n, (drawn) => drawn >= rankSum) };
  const left = sum(dealt) - rankSum;
  return { u, p: exactP(dealt, m, (drawn) => drawn <= left) };
}

/** The smallest p that samples of these sizes can give: every value above every reference. */
export function smallestP(values: number, references: number): number {
  let p = 1;
  for (let drawn = 1; drawn <= values; drawn += 1) p *= drawn / (references + drawn);
  return p;
}

/** Twice the mean rank of every distinct value, so that ties have whole numbers too, and how many share each. */
function rank(pooled: readonly number[]): { ranks: Map<number, number>; ties: number[] } {
  const counts = new Map<number, number>();
  for (const value of pooled) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ranks = new Map<number, number>();
  let below = 0;
  for (const [value, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    ranks.set(value, 2 * below + count + 1);
    below += count;
  }
  return { ranks, ties: [...counts.values()] };
}

/** Share of the ways to draw `size` of the ranks whose sum is at least as extreme. */
function exactP(
  ranks: readonly number[],
  size: number,
  isExtreme: (rankSum: number) => boolean,
): number {
  const greatest = sum(ranks.toSorted((a, b) => b - a).slice(0, size));
  // ways[k][s]: ways to draw k of the ranks seen so far with the sum s.
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(greatest + 1));
  ways[0]?.fill(1, 0, 1);
  for (const rank of ranks) {
    for (let drawn = size; drawn > 0; drawn -= 1) {
      const [before, after] = [ways[drawn - 1], ways[drawn]];
      if (!before || !after) continue;
      for (let total = greatest; total >= rank; total -= 1) {
        after[total] = (after[total] ?? 0) + (before[total - rank] ?? 0);
      }
    }
  }
  const all = [...(ways[size] ?? [])];
  return Math.min(1, sum(all.filter((_, rankSum) => isExtreme(rankSum))) / sum(all));
}

function approximateP(u: number, n: number, m: number, ties: readonly number[]): number {
  const all = n + m;
  const tied = sum(ties.map((count) => count ** 3 - count)) / (all * (all - 1));
  // Where everything is tied the difference is 0, or by rounding a little less.
  const deviation = Math.sqrt(((n * m) / 12) * Math.max(0, all + 1 - tied));
  return normalTail((u - (n * m) / 2 - 0.5) / deviation);
}

/** Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.2.17: off by less than 7.5e-8. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const polynomial = series.reduce((value, coefficient) => value * t + coefficient, 0) * t;
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
