/**
 * What an error says; anything may be thrown. A connection that fails at every address of a host is an AggregateError
 * without a message of its own.
 */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") {
    return [...new Set(error.errors.map(messageOf))].join("; ");
  }
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
