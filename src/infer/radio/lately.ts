// What is worked out of a manner is the same for all tags of a look, and often for the next look at that portal. A portal has another
// manner with each load that it learns from, and checkpoints keep those that it had: only what was asked for last is kept, of all portals
// of the process together, so that it takes the same room however many there are.

/** The one that `isIt`, out of the last `max`; made when it is not among them. The one asked for last stands last. */
export function lately<T>(known: T[], max: number, isIt: (one: T) => boolean, make: () => T): T {
  const index = known.findLastIndex(isIt);
  if (index !== -1 && index === known.length - 1) return known[index]!;
  const [found = make()] = index === -1 ? [] : known.splice(index, 1);
  if (known.length >= max) known.shift();
  known.push(found);
  return found;
}
