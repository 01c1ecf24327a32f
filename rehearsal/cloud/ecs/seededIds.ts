import type { Ids } from "./ports.ts";

/** Identifiers that follow from a seed: the same calls in the same order give the same ids. */
export function seededIds(seed: number): Ids {
  let state = seed >>> 0;
  return { hex: (length) => Array.from({ length }, () => digit()).join("") };

  // Mulberry32: small, and good enough for names that only have to differ.
  function digit(): string {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) % 16).toString(16);
  }
}
