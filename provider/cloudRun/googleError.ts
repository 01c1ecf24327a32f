import { messageOf } from "../messageOf.ts";

/** What a Google API answered instead of what it was asked for. */
export class GoogleError extends Error {
  override readonly name = "GoogleError";
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, status: number, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** The client's error in Google's own words; one without an answer, as of the network, stays what it is. */
export function asGoogleError(error: unknown): unknown {
  if (!(error instanceof Error) || !("status" in error)) return error;
  const { status } = error;
  if (typeof status !== "number") return error;
  const told = toldIn(error.message);
  return new GoogleError(told ?? `HTTP ${status}: ${messageOf(error)}`, status, error);
}

/** Google's words come in paragraphs, and messages are lines. */
export function oneLine(words: string): string {
  return words.replaceAll(/\s+/g, " ").trim();
}

/** The client puts the answer's body into the message as it is. */
function toldIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== "object" || answer === null || !("error" in answer)) return undefined;
    const { error } = answer;
    if (typeof error !== "object" || error === null || !("message" in error)) return undefined;
    const status = "status" in error ? ` (${String(error.status)})` : "";
    return `${oneLine(String(error.message))}${status}`;
  } catch {
    return undefined;
  }
}
