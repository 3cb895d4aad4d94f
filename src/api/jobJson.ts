// Work for people as it is answered, and the rows that it is made of.
import { Type } from 'typebox';
import type { JobEffect } from '../infer/jobEffects.ts';
import { JOB_KINDS, JOB_STATES, type JobKind, type JobState } from '../wire/queue.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';
import { timeText } from './lists.ts';

const DateTime = Type.String({ format: 'date-time' });

export const JobJson = Type.Object({
  site: Type.String(),
  kind: Type.Enum([...JOB_KINDS]),
  id: Type.String({ description: 'Number of the task, pick list, plan of counts, order, load or adjustment.' }),
  part: Type.Integer({ description: 'Of a plan of counts the number of the bin; else 0.' }),
  state: Type.Enum([...JOB_STATES]),
  from: Type.Union([Type.String(), Type.Null()], { description: 'Where one goes for it first.' }),
  to: Type.Union([Type.String(), Type.Null()], { description: 'Where it ends.' }),
  what: Type.String({ description: 'What is to be done, for a person.' }),
  priority: Type.Integer(),
  dueAt: Type.Union([DateTime, Type.Null()], { description: 'When it has to be out.' }),
  order: Type.Union([Type.String(), Type.Null()], { description: 'The most urgent order that it is for.' }),
  notFor: Type.Array(Type.String(), { description: 'Who may not do it: they counted it before.' }),
  claimedBy: Text,
  claimedUntil: Type.Union([DateTime, Type.Null()]),
  createdAt: DateTime,
  changedAt: DateTime,
});

export interface JobRow {
  readonly site: string;
  readonly kind: JobKind;
  readonly id: string;
  readonly part: number;
  readonly state: JobState;
  readonly from_location: string | null;
  readonly to_location: string | null;
  readonly what: string;
  readonly priority: number;
  readonly due_at: number | null;
  readonly order_id: string | null;
  readonly not_for: readonly string[];
  readonly claimed_by: string | null;
  readonly claimed_until: number | null;
  readonly created_at: number;
  readonly changed_at: number;
  readonly journal_offset: number;
}

/** As the site's writer has it. */
export const jobOf = (row: JobRow): Omit<JobEffect, 'state'> => ({
  kind: row.kind,
  id: row.id,
  part: row.part,
  from: row.from_location ?? undefined,
  to: row.to_location ?? undefined,
  what: row.what,
  priority: row.priority,
  dueAt: row.due_at ?? undefined,
  order: row.order_id ?? undefined,
  notFor: row.not_for,
  claim: row.claimed_until === null ? undefined : { by: row.claimed_by!, until: row.claimed_until },
  createdAt: row.created_at,
  changedAt: row.changed_at,
});

/** `now` in ms, since 1970: a claim that is over by then is none. */
export function jobJson(row: JobRow, now: number) {
  const until = row.claimed_until !== null && row.claimed_until > now ? row.claimed_until : null;
  return {
    site: row.site,
    kind: row.kind,
    id: row.id,
    part: row.part,
    state: row.state,
    from: row.from_location,
    to: row.to_location,
    what: row.what,
    priority: row.priority,
    dueAt: timeText(row.due_at),
    order: row.order_id,
    notFor: [...row.not_for],
    claimedBy: until === null ? null : row.claimed_by,
    claimedUntil: timeText(until),
    createdAt: formatTime(row.created_at),
    changedAt: formatTime(row.changed_at),
  };
}
