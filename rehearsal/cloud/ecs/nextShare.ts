import type { Share } from "./capacityProviders.ts";

/**
 * Who runs the next task: first whoever has not got its base, then whoever is furthest behind its weight.
 *
 * @param running - how many tasks each has, by its name.
 */
export function nextShare<Kind extends Share>(
  shares: readonly Kind[],
  running: Readonly<Record<string, number>>,
): Kind | undefined {
  const needy = shares.find(({ name, base }) => (running[name] ?? 0) < base);
  if (needy) return needy;
  const filling = ({ name, base, weight }: Kind) => ((running[name] ?? 0) - base + 1) / weight;
  return shares
    .filter(({ weight }) => weight > 0)
    .reduce<Kind | undefined>(
      (best, share) => (best && filling(best) <= filling(share) ? best : share),
      undefined,
    );
}
