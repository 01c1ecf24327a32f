/** What was asked for can't be done; the message says why, and what can. Ends a command with exit code 1. */
export class CannotDo extends Error {
  override readonly name = "CannotDo";
}
