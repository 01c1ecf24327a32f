/** One operation of a cloud's API, as AWS's clients have it. */
export type CloudCall<In, Out> = (input: In, options?: CallOptions) => Promise<Out>;

/** What a call takes besides its input. */
export interface CallOptions {
  abortSignal?: AbortSignal;
}

/** The options of a call that a signal ends; the SDK takes no undefined signal. */
export function abortable(abortSignal: AbortSignal | undefined): CallOptions {
  return abortSignal ? { abortSignal } : {};
}
