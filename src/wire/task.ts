// Tasks: goods that are to be brought to a bin. What people say of them are commands of a site like all others.
import { Type, type Static } from 'typebox';
import { StatusName } from './adjusting.ts';
import { base, Epc, Name, Quantity, Sku } from './commandFields.ts';
import { Id } from './id.ts';

/** What has come in is put away; a pick face is refilled from reserve; somebody says that it is to lie in another bin. */
export const TASK_KINDS = ['putaway', 'replenish', 'relocate'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Something is still to be brought; all of it was; nothing of it is there to be brought any more. */
export const TASK_STATES = ['open', 'done', 'gone'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** Why there: the rules in their order, or a person. What an order waits for goes where orders are packed, and not to a bin. */
export const TASK_RULES = ['cross-dock', 'fixed-bin', 'same-lot', 'velocity', 'nearest', 'pick-face', 'said'] as const;
export type TaskRule = (typeof TASK_RULES)[number];

const task = { task: Id };

export const TaskCommands = {
  relocate: Type.Object({
    kind: Type.Literal('relocate'),
    ...base,
    sku: Sku,
    quantity: Type.Optional(
      Type.Number({ ...Quantity, description: 'All of it that is on no pick list and no task, when left out.' }),
    ),
    lot: Type.Optional(Type.String({ maxLength: 64, description: 'Any when left out; the empty one is none.' })),
    owner: Name,
    status: Type.Optional(StatusName),
    from: Type.String({ ...Id, description: 'Where it lies.' }),
    to: Type.String({ ...Id, description: 'The bin that it is to lie in.' }),
  }),
  'cancel-task': Type.Object({ kind: Type.Literal('cancel-task'), ...base, ...task }),
  'claim-task': Type.Object({ kind: Type.Literal('claim-task'), ...base, ...task }),
  'release-task': Type.Object({ kind: Type.Literal('release-task'), ...base, ...task }),
  'confirm-task': Type.Object({
    kind: Type.Literal('confirm-task'),
    ...base,
    ...task,
    scan: Type.String({ minLength: 1, maxLength: 500, description: 'The label of the bin that it was put into.' }),
    quantity: Type.Optional(
      Type.Number({ ...Quantity, description: 'Of goods without tags; all that is left when left out.' }),
    ),
    epcs: Type.Optional(
      Type.Array(Epc, {
        minItems: 1,
        maxItems: 5000,
        description: 'Of goods with tags those that were put there; may be left out when the task is all of them.',
      }),
    ),
  }),
} as const;

type Commands = typeof TaskCommands;
export type TaskCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
