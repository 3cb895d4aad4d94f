// One site's machines together: a row in, its effects out. The same for the live service, replay and verify.
import { cleanDueAt, cleanRow, openClean, type CleanState } from './clean/clean.ts';
import type { SitePlan } from './config/plan.ts';
import type { Effects } from './infer/effects.ts';
import { inferDueAt, inferEnd, inferRow, openInfer, type InferState } from './infer/infer.ts';
import { plannerOf } from './work/planner.ts';
import { openWork, type WorkState } from './work/work.ts';
import { finish, type Steps } from './kit/steps.ts';
import type { Row } from './wire/row.ts';

export interface SiteMachine {
  readonly clean: CleanState;
  readonly infer: InferState;
  readonly work: WorkState;
  /** Offset of the last row taken. */
  offset: number;
  /** Tags that the last snapshot holds. */
  tagsWritten: number;
  /** Items as the next snapshot is to have them, by EPC; one that has changed since counts as changed. See `keepAhead`. */
  readonly ahead: Map<string, Buffer>;
}

export function openMachine(plan: SitePlan): SiteMachine {
  const work = openWork();
  const clean = openClean(plan);
  return {
    clean,
    infer: openInfer(plan, plannerOf(work), clean.tags),
    work,
    offset: 0,
    tagsWritten: 0,
    ahead: new Map(),
  };
}

/** Takes the next row. */
export const deriveRow = (machine: SiteMachine, row: Row): Effects => finish(derivingRow(machine, row));

/** The same in steps of a millisecond or so. Until the last one the machine is between two rows: nobody else may change or keep it. */
export function* derivingRow(machine: SiteMachine, row: Row): Steps<Effects> {
  const effects = yield* inferRow(machine.infer, machine.clean, cleanRow(machine.clean, row));
  machine.offset = row.offset;
  return effects;
}

/** The end of a recording: everything open is closed. */
export const deriveEnd = (machine: SiteMachine): Effects =>
  inferEnd(machine.infer, machine.clean, machine.offset + 1, machine.clean.now);

/** Our clock when something will be due though no row comes; infinite when nothing waits. */
export const dueAt = (machine: SiteMachine, now: number): number =>
  Math.min(cleanDueAt(machine.clean, now), inferDueAt(machine.infer, machine.clean, now));
