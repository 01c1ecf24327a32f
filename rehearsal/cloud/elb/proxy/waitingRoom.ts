interface Waiting<Place> {
  /** A place for this one, or null while there is none. */
  find(): Place | null;
  enter(place: Place | null): void;
  timer: NodeJS.Timeout;
}

/** Those who wait for a place, first come, first served. */
export class WaitingRoom<Place> {
  readonly #waiting = new Set<Waiting<Place>>();

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * @param enter - called once: with a place, or with null after `seconds` of real time or when nobody is let in any more.
   * @returns a function for one who goes away; `enter` is not called then.
   */
  wait(
    seconds: number,
    find: () => Place | null,
    enter: (place: Place | null) => void,
  ): () => void {
    const timer = setTimeout(() => {
      this.#waiting.delete(waiting);
      enter(null);
    }, seconds * 1000);
    const waiting: Waiting<Place> = { find, enter, timer };
    this.#waiting.add(waiting);
    return () => {
      clearTimeout(timer);
      this.#waiting.delete(waiting);
    };
  }

  /** Lets in whoever there is a place for. */
  admit(): void {
    for (const waiting of this.#waiting) {
      const place = waiting.find();
      if (place === null) return;
      this.#leave(waiting, place);
    }
  }

  /** Sends everybody away. */
  close(): void {
    for (const waiting of this.#waiting) this.#leave(waiting, null);
  }

  #leave(waiting: Waiting<Place>, place: Place | null): void {
    clearTimeout(waiting.timer);
    this.#waiting.delete(waiting);
    waiting.enter(place);
  }
}
