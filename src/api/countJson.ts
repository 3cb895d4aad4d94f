// Counts as they are answered. What the books have of a bin is not told while it may have to be counted again: who counts does it blind.
import { Type } from 'typebox';
import type { CountLineEffect, CountTaskEffect } from '../infer/countEffects.ts';
import { COUNT_REASONS, COUNT_STATES, TASK_STATES } from '../wire/counting.ts';
import { formatTime } from '../wire/time.ts';
import { timeText } from './lists.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const DateTime = Type.String({ format: 'date-time' });

export const CountHeadJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  by: Type.Enum([...COUNT_REASONS]),
  state: Type.Enum([...COUNT_STATES]),
  madeBy: Type.String(),
  createdAt: DateTime,
  changedAt: DateTime,
  skus: Type.Array(Type.String(), { description: 'Only these are counted; empty for all.' }),
  taskCount: Type.Integer({ description: 'Bins.' }),
  done: Type.Integer({ description: 'Of them, closed or cancelled.' }),
});

export const CountTaskJson = Type.Object({
  count: Type.String(),
  site: Type.String(),
  task: Type.Integer(),
  location: Type.String(),
  state: Type.Enum([...TASK_STATES]),
  attempts: Type.Integer(),
  countedBy: Type.Array(Type.String()),
  countedAt: Text,
  closedAt: Text,
  approvedBy: Text,
  records: Type.Union([Type.Integer(), Type.Null()], { description: 'Counted at first; null while it is counted.' }),
  accurate: Type.Union([Type.Integer(), Type.Null()], { description: 'Of them, within tolerance.' }),
  uncertain: Type.Array(Type.Object({ epc: Type.String(), probability: Type.Number() }), {
    description: 'Tags that no sweep read, and how likely each is really missing: sweep again, or look for them.',
  }),
  lines: Type.Array(
    Type.Object({
      sku: Text,
      lot: Text,
      owner: Text,
      status: Type.String(),
      container: Text,
      expected: Type.Number({ description: 'As the books had it at the moment of the count.' }),
      counted: Type.Number(),
      difference: Type.Number(),
      missing: Type.Array(Type.String(), { description: 'Tags that were not there.' }),
      surplus: Type.Array(Type.String(), { description: 'Tags that the books had elsewhere.' }),
      isWithin: Type.Boolean({ description: 'Within tolerance.' }),
    }),
    { description: 'Empty until it waits for approval or is closed.' },
  ),
});

export const CountJson = Type.Object({ ...CountHeadJson.properties, tasks: Type.Array(CountTaskJson) });

export interface CountRow {
  readonly site: string;
  readonly count_id: string;
  readonly by_what: (typeof COUNT_REASONS)[number];
  readonly state: (typeof COUNT_STATES)[number];
  readonly made_by: string;
  readonly created_at: number;
  readonly changed_at: number;
  readonly skus: readonly string[];
  readonly task_count: number;
  readonly done: number;
  readonly journal_offset: number;
}

export interface CountTaskRow {
  readonly site: string;
  readonly count_id: string;
  readonly task: number;
  readonly location: string;
  readonly state: (typeof TASK_STATES)[number];
  readonly attempts: number;
  readonly counted_by: readonly string[];
  readonly counted_at: number | null;
  readonly closed_at: number | null;
  readonly approved_by: string | null;
  readonly records: number;
  readonly accurate: number;
  readonly lines: readonly CountLineEffect[];
  readonly uncertain: CountTaskEffect['uncertain'];
  readonly journal_offset: number;
}

export const countHead = (row: CountRow) => ({
  id: row.count_id,
  site: row.site,
  by: row.by_what,
  state: row.state,
  madeBy: row.made_by,
  createdAt: formatTime(row.created_at),
  changedAt: formatTime(row.changed_at),
  skus: [...row.skus],
  taskCount: row.task_count,
  done: row.done,
});

export function countTaskJson(row: CountTaskRow) {
  const isTold = row.state === 'approval' || row.state === 'closed';
  return {
    count: row.count_id,
    site: row.site,
    task: row.task,
    location: row.location,
    state: row.state,
    attempts: row.attempts,
    countedBy: [...row.counted_by],
    countedAt: timeText(row.counted_at),
    closedAt: timeText(row.closed_at),
    approvedBy: row.approved_by,
    records: isTold ? row.records : null,
    accurate: isTold ? row.accurate : null,
    uncertain: row.state === 'resweep' ? [...row.uncertain] : [],
    lines: isTold ? row.lines.map((line) => lineJson(line)) : [],
  };
}

const lineJson = ({ sku, lot, owner, status, container, expected, counted, ...line }: CountLineEffect) => ({
  sku: sku || null,
  lot: lot || null,
  owner: owner || null,
  status,
  container: container || null,
  expected,
  counted,
  difference: Math.round((counted - expected) * 10_000) / 10_000,
  missing: [...line.missing],
  surplus: [...line.surplus],
  isWithin: line.isWithin,
});

export const countJson = (row: CountRow, tasks: readonly CountTaskRow[]) => ({
  ...countHead(row),
  tasks: tasks.map((task) => countTaskJson(task)),
});
