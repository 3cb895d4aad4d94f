// The plans in a snapshot: small things whole, each document by itself and only when it has changed.
import type { Inbound } from './inbound.ts';
import { index, indexList, type WorkState } from './work.ts';

/** What always goes whole. */
export type WorkCore = Pick<WorkState, 'waiting' | 'takenBack' | 'units' | 'lists'>;

export const workCore = ({ waiting, takenBack, units, lists }: WorkState): WorkCore => ({
  waiting,
  takenBack,
  units,
  lists,
});

/** Documents that changed since they were last taken; of one that is forgotten only that there was one. */
export function takeUnsaved(work: WorkState): (readonly [id: string, Inbound | 'ended'])[] {
  const unsaved = [...work.unsaved].map((id) => [id, work.inbounds.get(id) ?? 'ended'] as const);
  work.unsaved.clear();
  return unsaved;
}

export function restoreWorkCore(work: WorkState, { waiting, takenBack, units, lists }: WorkCore): void {
  for (const [id, one] of waiting) work.waiting.set(id, one);
  for (const [epc, one] of takenBack) work.takenBack.set(epc, one);
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
