// The queue: all work that waits for a person, whatever it is, in one line; and what people ask of it. Commands of a site like all others.
import { Type, type Static } from 'typebox';
import { base } from './commandFields.ts';
import { Id } from './id.ts';

/**
 * Goods are put away; a pick face is refilled; goods are brought to another bin; a pick list is walked; a batch is sorted; a bin is counted; what was picked for an order is packed;
 * a truck is loaded; what somebody counted or corrected is approved by somebody else.
 */
export const JOB_KINDS = [
  'putaway',
  'replenish',
  'relocate',
  'pick',
  'sort',
  'count',
  'pack',
  'load',
  'approve',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** It waits, or somebody does it; nothing of it is left to be done. */
export const JOB_STATES = ['open', 'over'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Bins of a plan of counts: more than any plan has. */
const PART_MAX = 100_000;

export const QueueCommands = {
  'next-job': Type.Object({
    kind: Type.Literal('next-job'),
    ...base,
    kinds: Type.Optional(
      Type.Array(Type.Enum([...JOB_KINDS]), {
        minItems: 1,
        maxItems: JOB_KINDS.length,
        description: 'Only work of these kinds; of any when left out.',
      }),
    ),
    location: Type.Optional(
      Type.String({
        ...Id,
        description: 'Where the person is; where they worked last when left out.',
      }),
    ),
  }),
  'release-job': Type.Object({
    kind: Type.Literal('release-job'),
    ...base,
    job: Type.Enum([...JOB_KINDS]),
    id: Type.String({
      ...Id,
      description: 'Number of the task, pick list, plan of counts, order, load or adjustment.',
    }),
    part: Type.Optional(
      Type.Integer({ minimum: 0, maximum: PART_MAX, description: 'Of a plan of counts, the number of the bin.' }),
    ),
  }),
} as const;

type Commands = typeof QueueCommands;
export type QueueCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
