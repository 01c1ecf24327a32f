/** What became of one deployment, read off the cloud's own events. Times are wall times in milliseconds. */
export interface RolloutFacts {
  /** The release that was deployed; null when nothing was. */
  candidate: string | null;
  /** Whether that release was live already, and is deployed with another configuration. */
  again: boolean;
  /** What was live when it began, and what is when it has ended. */
  liveAtStart: string | null;
  liveAtEnd: string | null;
  /** Place of its first event in the story's; -1 when nothing was deployed. */
  firstEvent: number;
  /** When its deployment began, and when that reached a status from which there is no other. */
  begunAt: number | null;
  endedAt: number | null;
  /** From when on nobody but who is live answers: what was asked before has been answered by then. */
  restAt: number | null;
  /** Whether it came to its end, and the candidate stayed. */
  succeeded: boolean;
  /** When the gate let the candidate through; null when it never did. A pause that timed out is no gate. */
  gateAt: number | null;
  /** From when on it may answer: a proxy may know of an open gate before its event is written. */
  servesFrom: number | null;
  /** Pauses after which the cloud went on because nobody answered. */
  unanswered: string[];
  /** Moves of production weights to the candidate: before the gate, and at all. */
  earlyShifts: number;
  shifts: number;
  /**
   * The cloud's own name of what it refused itself, before anybody could ask the candidate; null where it refused
   * nothing.
   */
  refused: string | null;
  /** Whether somebody had it deployed past the program: then no gate of ours is to be expected. */
  byHand: boolean;
  /** When it was first asked to be undone, or the cloud began to do so by itself. */
  revertAt: number | null;
  /** When the candidate had no more production traffic after that; null where it had never had any. */
  revertedAt: number | null;
}
