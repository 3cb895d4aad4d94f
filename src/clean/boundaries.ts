// Boundaries of event time: whoever folds over the reads of an area keeps its state at them, and a late read goes back to one. Late
// reads mostly are a little late, so the further back the fewer are kept: a checkpoint has a copy of every tag that was heard since the
// one before. Going back takes in more than it must, but no more than as much again and half a minute.

/** The closest that two are. */
export const BOUNDARY_MS = 30_000;
/** So far apart they are at most: whole multiples of it are kept as long as any. */
export const WIDEST_MS = 4 * BOUNDARY_MS;

export const boundaryBefore = (time: number): number => Math.floor(time / BOUNDARY_MS) * BOUNDARY_MS;

/** Is it still kept when event time has reached `reached`? Multiples of a distance are, for twice that distance. */
export function isKept(boundary: number, reached: number): boolean {
  if (boundary % WIDEST_MS === 0) return true;
  const age = reached - boundary;
  for (let apart = BOUNDARY_MS; apart < WIDEST_MS; apart *= 2)
    if (boundary % apart === 0 && age <= 2 * apart) return true;
  return false;
}

/** The last one not after `time` that is kept when event time has reached `reached`. */
export function keptBefore(time: number, reached: number): number {
  let boundary = boundaryBefore(time);
  while (Number.isFinite(boundary) && !isKept(boundary, reached)) boundary -= BOUNDARY_MS;
  return boundary;
}

/** The first one not before `time` that is kept when event time has reached `reached`. */
export function keptAfter(time: number, reached: number): number {
  let boundary = Math.ceil(time / BOUNDARY_MS) * BOUNDARY_MS;
  while (Number.isFinite(boundary) && !isKept(boundary, reached)) boundary += BOUNDARY_MS;
  return boundary;
}
