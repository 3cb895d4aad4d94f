// What commands about plans have in common: refusals, and what they may name.
import type { SitePlan } from '../config/plan.ts';
import type { Claim } from '../infer/item.ts';
import type { WorkAnswer, WorkRequest } from '../infer/planner.ts';
import { contentId } from '../kit/ids.ts';
import type { InboundCommand } from '../wire/inbound.ts';
import { isDay, parseTime } from '../wire/time.ts';

export type Of<K extends InboundCommand['kind']> = Extract<InboundCommand, { kind: K }>;

export const refused = (code: string, message: string): Extract<WorkAnswer, { status: 'refused' }> => ({
  status: 'refused',
  code,
  message,
});

export const isKnownDoor = (plan: SitePlan, door: string | undefined): boolean =>
  door === undefined || plan.readPoints.some(({ id, kind }) => id === door && kind === 'portal');

/** ms; undefined when nothing is said, NaN when it is no time. */
export const timeOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseTime(text);

/** The refusal of a day that the calendar does not have; undefined when it has it, or none is said. */
export const refusedDay = (field: string, day: string | undefined): ReturnType<typeof refused> | undefined =>
  day === undefined || isDay(day) ? undefined : refused('bad-day', `${field}: ${day} is no day of the calendar.`);

/** That an item went somewhere, as the person says whose command this is. */
export const saidMove = (epc: string, to: string, { row, at }: WorkRequest): Claim => ({
  id: contentId('command', row.site, row.key, epc),
  epc,
  at,
  what: { kind: 'move', to },
  source: 'person',
  confidence: 1,
  readPoint: undefined,
  decision: undefined,
  actor: row.actor,
  reason: row.command.reason,
});
