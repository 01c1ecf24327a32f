import { CannotDo } from "../cannotDo.ts";
import type { Command } from "./command.ts";
import { onItsWay } from "./onItsWay.ts";

/** Lets the release pass the checkpoint at which it waits, whatever the promotion would have said. */
export const promote: Command = async ({ service, control, by, signal }) => {
  const status = await control.status(signal);
  const { release, checkpoint, stage } = onItsWay(service, status, "to let pass");
  if (!checkpoint) {
    throw new CannotDo(
      `Release ${release} of ${service} waits for nothing now${stage === undefined ? "" : `, at ${stage}`}. Try again at its next checkpoint.`,
    );
  }
  await control.promoteNow(by, signal);
  const held = status.hold ? `; ${status.hold.by} still holds it at the next` : "";
  return `Release ${release} of ${service} passes ${checkpoint.stage} on your word${held}.`;
};
