/** Annotations of the service by which runners and people tell each other things; updates of them make no revision. */
export const annotations = {
  /** Who follows the service's promotion. */
  runner: "symphainy.dev/runner",
  /** Who holds it. */
  hold: "symphainy.dev/hold",
  /** What somebody has decided, over the promotion's head. */
  word: "symphainy.dev/word",
  /** The promotion that is not finished. */
  promotion: "symphainy.dev/promotion",
} as const;

type Annotations = Readonly<Record<string, string>>;

/** What the service's annotations are with one more, or another one. */
export function withAnnotation(all: Annotations, key: string, value: string): Annotations {
  return { ...all, [key]: value };
}

export function withoutAnnotations(all: Annotations, keys: readonly string[]): Annotations {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)));
}
