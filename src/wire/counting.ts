// Counts as they are planned, entered and approved. Commands of a site like all others; who counts is not told what the books have.
import { Type, type Static, type TSchema } from 'typebox';
import { base, Epc, Name, QUANTITY_MAX, Sku, Time } from './commandFields.ts';
import { Id } from './id.ts';

/** Why bins are counted: they were named; a SKU lies there; their class is due; drawn by lot; something differs; nothing should be there. */
export const COUNT_REASONS = ['location', 'sku', 'abc', 'sample', 'discrepancy', 'zero'] as const;
export type CountReason = (typeof COUNT_REASONS)[number];

/** A bin waits to be counted; to be counted again; for a tag that may only not have been read; for approval; is done with. */
export const TASK_STATES = ['open', 'recount', 'resweep', 'approval', 'closed', 'cancelled'] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const COUNT_STATES = ['open', 'closed', 'cancelled'] as const;
export type CountState = (typeof COUNT_STATES)[number];

export const TASKS_MAX = 2000;
const LINES_MAX = 500;
const EPCS_MAX = 5000;

const strict = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const CountedStatus = Type.Optional(
  Type.Enum(['receiving', 'available', 'quality', 'damaged', 'returned', 'blocked'], {
    description: '`available` when left out.',
  }),
);

export const CountedLine = strict({
  sku: Sku,
  quantity: Type.Number({ minimum: 0, maximum: QUANTITY_MAX, description: 'As it lies there; four decimals at most.' }),
  lot: Name,
  owner: Name,
  status: CountedStatus,
  container: Type.Optional(Type.String({ ...Epc, description: 'The container that it is in; none when left out.' })),
});
export type CountedLine = Static<typeof CountedLine>;

const task = {
  count: Id,
  task: Type.Integer({ minimum: 1, maximum: TASKS_MAX, description: 'Number of the bin in the plan.' }),
};
const Tags = (description: string) => Type.Optional(Type.Array(Epc, { maxItems: EPCS_MAX, description }));

export const CountCommands = {
  'plan-count': Type.Object({
    kind: Type.Literal('plan-count'),
    ...base,
    count: Type.Optional(Type.String({ ...Id, description: 'Number of the plan; ours when left out.' })),
    by: Type.Enum([...COUNT_REASONS], {
      description:
        '`location`: the named ones and what lies in them; `sku`: wherever the named SKUs lie; `abc`: classes whose time has come; `sample`: by lot; `discrepancy`: where something open differs; `zero`: storage bins that the books have empty.',
    }),
    locations: Type.Optional(
      Type.Array(Id, { minItems: 1, maxItems: TASKS_MAX, description: 'For `location`; narrows the others.' }),
    ),
    skus: Type.Optional(
      Type.Array(Sku, { minItems: 1, maxItems: 500, description: 'For `sku`: only these are counted.' }),
    ),
    class: Type.Optional(Type.Enum(['A', 'B', 'C'], { description: 'For `abc`: only this class.' })),
    size: Type.Optional(
      Type.Integer({ minimum: 1, maximum: TASKS_MAX, description: 'For `sample`: so many bins; 10 when left out.' }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 4_294_967_295,
        description: 'For `sample`: the same seed draws the same bins.',
      }),
    ),
  }),
  'cancel-count': Type.Object({ kind: Type.Literal('cancel-count'), ...base, count: Id }),
  'count-bin': Type.Object({
    kind: Type.Literal('count-bin'),
    ...base,
    ...task,
    lines: Type.Optional(
      Type.Array(CountedLine, { maxItems: LINES_MAX, description: 'What has no tags, as much as there is.' }),
    ),
    scans: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
        maxItems: EPCS_MAX,
        description: 'Barcodes and tags, each once for each thing that it is on.',
      }),
    ),
    epcs: Tags('Every tag that is there, as a handheld read them. Without any only what has no tags is counted.'),
    empty: Type.Optional(Type.Boolean({ description: 'Nothing at all is there.' })),
  }),
  'sweep-bin': Type.Object({
    kind: Type.Literal('sweep-bin'),
    ...base,
    ...task,
    from: Time('When the sweep began; a minute before it ended when left out.'),
    epcs: Tags('What a handheld read there, beside what zone antennas heard.'),
    absent: Tags('A person looked for these, and they are not there.'),
  }),
  'approve-count': Type.Object({
    kind: Type.Literal('approve-count'),
    ...base,
    ...task,
    isApproved: Type.Optional(
      Type.Boolean({ description: 'False: it is to be counted once more; true when left out.' }),
    ),
  }),
} as const;

type Commands = typeof CountCommands;
export type CountCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
export type CountCommandOf<K extends CountCommand['kind']> = Extract<CountCommand, { kind: K }>;
