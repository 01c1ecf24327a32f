/** The command line is wrong; the message names the part, and what is allowed. Ends a command with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
