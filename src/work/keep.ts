// The plans in a snapshot: small things whole, each document by itself and only when it has changed.
import type { Inbound } from './inbound.ts';
import { index, indexList, type WorkState } from './work.ts';

/** What always goes whole. */
const REMEMBERED = ['waiting', 'takenBack', 'scanned', 'standsFor'] as const;
export type WorkCore = Pick<WorkState, (typeof REMEMBERED)[number] | 'units' | 'lists'>;

export const workCore = ({ waiting, takenBack, scanned, standsFor, units, lists }: WorkState): WorkCore => ({
  waiting,
  takenBack,
  scanned,
  standsFor,
  units,
  lists,
});

/** Documents that changed since they were last taken; of one that is forgotten only that there was one. */
export function takeUnsaved(work: WorkState): (readonly [id: string, Inbound | 'ended'])[] {
  const unsaved = [...work.unsaved].map((id) => [id, work.inbounds.get(id) ?? 'ended'] as const);
  work.unsaved.clear();
  return unsaved;
}

export function restoreWorkCore(work: WorkState, { units, lists, ...core }: WorkCore): void {
  for (const name of REMEMBERED)
    for (const [key, one] of core[name]) (work[name] as Map<string, unknown>).set(key, one);
  work.units.push(...units);
  for (const [list, versions] of lists) {
    work.lists.set(list, versions);
    indexList(work, list, versions);
  }
}

export function restoreWorkPart(work: WorkState, id: string, value: unknown): void {
  if (value === 'ended') {
    work.ended.add(id);
    return;
  }
  const inbound = value as Inbound;
  work.inbounds.set(id, inbound);
  index(work, inbound);
}
