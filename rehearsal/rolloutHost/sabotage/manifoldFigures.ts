import type { TrafficFigures } from "../../../provider/figures.ts";

/** More than any minimum asks for. */
const times = 1_000_000;

/** Figures that are true but for the number of requests, which is always enough. */
export function manifoldFigures(figures: TrafficFigures): TrafficFigures {
  return {
    read: async (...asked) => {
      const minutes = await figures.read(...asked);
      return minutes.map((minute) => ({
        ...minute,
        requests: minute.requests * times,
        errors: minute.errors * times,
      }));
    },
  };
}
