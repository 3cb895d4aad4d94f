// What has changed, told once. Asked behind every row of the journal, most of which change nothing of it.

/** What each one says that is in `changed`, which is empty after. */
export function takeAll<T, U>(changed: Set<T> | (Map<unknown, unknown> & Iterable<T>), say: (one: T) => U): U[] {
  if (changed.size === 0) return []; // even to clear an empty set has its price
  const said = Array.from(changed, say);
  changed.clear();
  return said;
}
