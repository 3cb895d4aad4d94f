// Tasks as they are answered, and the rows that they are made of.
import { Type } from 'typebox';
import { TASK_KINDS, TASK_RULES, TASK_STATES, type TaskKind, type TaskRule, type TaskState } from '../wire/task.ts';
import { formatTime } from '../wire/time.ts';
import { inBooks } from '../infer/balances.ts';
import { Text } from './inboundJson.ts';

const DateTime = Type.String({ format: 'date-time' });

export const TaskJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  kind: Type.Enum([...TASK_KINDS]),
  state: Type.Enum([...TASK_STATES], {
    description: 'Something is left to be brought; all of it was; nothing of it is there to be brought any more.',
  }),
  sku: Type.String(),
  lot: Text,
  owner: Text,
  from: Type.String(),
  container: Text,
  status: Type.String({ description: 'That it has where it stands.' }),
  to: Type.Union([Type.String(), Type.Null()], { description: 'The bin; null while none may take it.' }),
  rule: Type.Union([Type.Enum([...TASK_RULES]), Type.Null()]),
  reason: Type.String({ description: 'Why that bin, or why none.' }),
  order: Type.Union([Type.String(), Type.Null()], {
    description: 'The order that waits for it, when it is brought there at once (`cross-dock`).',
  }),
  quantity: Type.Number(),
  done: Type.Number(),
  left: Type.Number({ description: 'What is still to be brought.' }),
  claimedBy: Type.Union([Type.String(), Type.Null()], { description: 'Who has it; null when `claimedUntil` is over.' }),
  claimedUntil: Type.Union([DateTime, Type.Null()]),
  createdAt: DateTime,
  changedAt: DateTime,
});

export interface TaskRow {
  readonly site: string;
  readonly task: string;
  readonly kind: TaskKind;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly from_location: string;
  readonly container: string;
  readonly status: string;
  readonly to_location: string | null;
  readonly rule: TaskRule | null;
  readonly reason: string;
  readonly order_id: string | null;
  readonly quantity: number;
  readonly done: number;
  readonly gone: number;
  readonly state: TaskState;
  readonly claimed_by: string | null;
  readonly claimed_until: number | null;
  readonly created_at: number;
  readonly changed_at: number;
  readonly journal_offset: number;
}

const orNull = (text: string): string | null => (text === '' ? null : text);

/** `now` in ms, since 1970: a claim that is over by then is none. */
export function taskJson(row: TaskRow, now: number) {
  const until = row.claimed_until !== null && row.claimed_until > now ? row.claimed_until : null;
  return {
    id: row.task,
    site: row.site,
    kind: row.kind,
    state: row.state,
    sku: row.sku,
    lot: orNull(row.lot),
    owner: orNull(row.owner),
    from: row.from_location,
    container: orNull(row.container),
    status: row.status,
    to: row.to_location,
    rule: row.rule,
    reason: row.reason,
    order: row.order_id,
    quantity: inBooks(row.quantity - row.gone),
    done: row.done,
    left: inBooks(row.quantity - row.done - row.gone),
    claimedBy: until === null ? null : row.claimed_by,
    claimedUntil: until === null ? null : formatTime(until),
    createdAt: formatTime(row.created_at),
    changedAt: formatTime(row.changed_at),
  };
}
