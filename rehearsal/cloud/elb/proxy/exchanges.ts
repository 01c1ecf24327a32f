/** A request or tunnel that a target is working on. */
export interface Exchange {
  /** Ends it now: its target is gone. */
  cut(): void;
}

/** What a target is working on, and somebody who waits for it to become less. */
export class Exchanges extends Set<Exchange> {
  /** Called after each end of an exchange. */
  onFewer: (() => void) | undefined;

  override delete(exchange: Exchange): boolean {
    const was = super.delete(exchange);
    if (was) this.onFewer?.();
    return was;
  }
}
