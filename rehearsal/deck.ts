/**
 * Things that lanes take from, side by side: every other lane from the end, so that what stands together in the list
 * is mostly done one after the other, and no lane waits for another.
 */
export class Deck<T> {
  readonly #left: T[];

  constructor(all: readonly T[]) {
    this.#left = [...all];
  }

  /** What the lane does next; undefined when nothing is left. */
  take(lane: number): T | undefined {
    return lane % 2 === 0 ? this.#left.shift() : this.#left.pop();
  }
}
