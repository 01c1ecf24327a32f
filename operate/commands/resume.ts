import { timeText } from "../timeText.ts";
import type { Command } from "./command.ts";

/** Takes the hold off; the promotion goes on by itself. */
export const resume: Command = async ({ service, control, signal }) => {
  const hold = await control.clearHold(signal);
  if (!hold) return `Nobody holds ${service}.`;
  const { candidate, runner } = await control.status(signal);
  const off = `${service} is not held any more, as it was by ${hold.by} since ${timeText(hold.since)}`;
  if (!candidate || candidate.isUndone) return `${off}.`;
  if (runner) return `${off}; ${runner.by} goes on with release ${candidate.release}.`;
  const alone = candidate.timesOut
    ? "or the cloud undoes it when its pause times out"
    : "it stays where it is until then";
  return `${off}. Nobody follows release ${candidate.release}: run pulumi up, ${alone}.`;
};
