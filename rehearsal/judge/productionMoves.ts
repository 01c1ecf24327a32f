import type { Recorded } from "../cloud/journal.ts";

type Weights = Record<string, number>;

/** One change of the production rule's weights. */
export interface Move {
  /** Place among the events that were followed. */
  index: number;
  /** Whether the group that was not live has more of the traffic than before. */
  to: "candidate" | "live";
  /** Production traffic of that group after it, 0 to 1. */
  share: number;
}

/** Follows the production rule through a story's deployments: what is live changes with each that succeeds. */
export class ProductionMoves {
  #weights: Weights;
  /** Target group that is live; undefined while nothing is. */
  #live: string | undefined;

  constructor(weights: Weights) {
    this.#weights = weights;
    this.#live = heaviest(weights);
  }

  /** @param first - whether nothing is live yet: then the rule's weights say nothing. */
  follow(events: readonly Recorded[], first = false): Move[] {
    if (first) this.#live = undefined;
    const moves: Move[] = [];
    for (const [index, event] of events.entries()) {
      const weights = moveOf(event);
      if (!weights) continue;
      const before = this.#candidateShare(this.#weights);
      const share = this.#candidateShare(weights);
      this.#weights = weights;
      const isToCandidate = this.#live === undefined || share > before;
      moves.push({ index, to: isToCandidate ? "candidate" : "live", share });
    }
    return moves;
  }

  /** Whatever has the traffic now is live. */
  settle(): void {
    this.#live = heaviest(this.#weights);
  }

  #candidateShare(weights: Weights): number {
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    if (this.#live === undefined || total === 0) return 0;
    return 1 - (weights[this.#live] ?? 0) / total;
  }
}

/** The production rule's new weights, where an event says so. With nobody left to lead to, it goes away. */
export function moveOf(event: Recorded): Weights | undefined {
  if (event.kind !== "weights" || event.traffic !== "production") return undefined;
  return Object.keys(event.weights).length > 0 ? event.weights : undefined;
}

function heaviest(weights: Weights): string | undefined {
  return Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .toSorted(([, one], [, other]) => other - one)[0]?.[0];
}
