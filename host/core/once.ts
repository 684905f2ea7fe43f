// Work that is done when somebody asks for it, and then never again.

/** A function that gives what `make` gave the first time. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
