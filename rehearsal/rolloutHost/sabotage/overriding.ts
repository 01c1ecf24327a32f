/** The same object, but for what is changed of it. */
export function overriding<T extends object>(original: T, changes: Partial<T>): T {
  return new Proxy(original, {
    get(target, key) {
      const value: unknown = Reflect.get(key in changes ? changes : target, key);
      // The original's own methods want its private parts.
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
