import type { Candidate } from "../../provider/releaseControl.ts";
import { CannotDo } from "../cannotDo.ts";
import { atTheEnd } from "../renderStatus.ts";
import { timeText } from "../timeText.ts";
import type { Command } from "./command.ts";
import { onItsWay } from "./onItsWay.ts";

/** Holds the release at the checkpoint where it waits, or at the next. */
export const pause: Command = async ({ stack, service, strategy, control, by, signal }) => {
  const status = await control.status(signal);
  const candidate = onItsWay(service, status, "to hold");
  if (strategy === "ROLLING") {
    throw new CannotDo(
      `A ROLLING deployment of ${service} has no checkpoint to hold release ${candidate.release} at. Have it undone: npm run release -- ${stack} abort --service ${service}`,
    );
  }
  const { by: holder, since } = await control.hold(by, signal);
  const who = status.hold ? `held already, by ${holder} since ${timeText(since)}` : "held";
  const release = `Release ${candidate.release} of ${service} is ${who}`;
  return `${release}, ${describePlace(candidate)}. Go on: npm run release -- ${stack} resume --service ${service}`;
};

function describePlace({ checkpoint, timesOut }: Candidate): string {
  if (!checkpoint) {
    const limit = timesOut ? "; the time-out begins there" : "";
    return `and stops at its next checkpoint, if one is left${limit}`;
  }
  const { stage, until } = checkpoint;
  const limit =
    until === undefined ? "" : `, until ${timeText(until)}; then ${atTheEnd(checkpoint)}`;
  return `at ${stage}${limit}`;
}
