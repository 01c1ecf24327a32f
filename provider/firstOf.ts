/** What is decided first; what is still undecided then is called off and waited for. */
export async function firstOf<T>(
  signal: AbortSignal,
  questions: (either: AbortSignal) => Promise<T>[],
): Promise<T> {
  const over = new AbortController();
  const asked = questions(AbortSignal.any([signal, over.signal]));
  try {
    return await Promise.race(asked);
  } finally {
    over.abort(new Error("decided"));
    await Promise.allSettled(asked);
  }
}
