// Movement history and its evidence: every movement answers "why?" (promise P4).
import { Type } from 'typebox';
import type { Pool } from '../store/database.ts';
import { decodeContent } from '../wire/content.ts';
import { entriesToJson, ReadEntry } from '../wire/envelope.ts';
import { whyOf, type Said, type WhyInput } from '../infer/why/why.ts';
import { MovementJson } from '../wire/movement.ts';
import { formatTime } from '../wire/time.ts';
import { placesOf } from './catalogue.ts';
import type { App, Context } from './context.ts';
import { canonical } from './epc.ts';
import { filters, newest, newestAt } from './filters.ts';
import { Page, pageOf, Paging, timeOf, TimeParameter } from './lists.ts';
import { plainScores, saidOf } from './passageEvidence.ts';
import { passageJson, PassageColumns, type PassageRow } from './passages.ts';
import { notFound, Problem } from './problem.ts';
import { PassageJson } from '../wire/movement.ts';
import { WhyJson } from '../wire/why.ts';
import { WORLD } from '../config/site.ts';
import { TRANSACTION_TYPES } from '../infer/effects.ts';

export const MovementColumns = `t.site, t.id, t.epc, t.sku, t.type, t.from_location, t.to_location, t.quantity, t.lot, t.container, t.happened_at,
  t.recorded_at, t.confidence, t.source, t.read_point, t.supersedes, t.decision, t.decision_revision, t.journal_offset, t.actor, t.reason`;

/** How movements are listed. */
export const MOVEMENTS = { table: 'transaction', as: 't', columns: MovementColumns, time: 'happened_at' } as const;

/** Neither undone nor what undid something. */
const EFFECTIVE =
  't.supersedes is null and not exists (select 1 from transaction u where u.site = t.site and u.supersedes = t.id)';

export interface MovementRow {
  readonly site: string;
  readonly id: string;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly type: string;
  readonly from_location: string;
  readonly to_location: string;
  readonly quantity: number | null;
  readonly lot: string | null;
  readonly container: string | null;
  readonly happened_at: number;
  readonly recorded_at: number;
  readonly confidence: number;
  readonly source: string;
  readonly read_point: string | null;
  readonly supersedes: string | null;
  readonly decision: string | null;
  readonly decision_revision: number | null;
  readonly journal_offset: number;
  readonly actor: string | null;
  readonly reason: string | null;
}

export const movementJson = (row: MovementRow): MovementJson => ({
  id: row.id,
  site: row.site,
  epc: row.epc,
  sku: row.sku,
  type: row.type,
  from: row.from_location,
  to: row.to_location,
  quantity: row.quantity,
  lot: row.lot,
  container: row.container,
  happenedAt: formatTime(row.happened_at),
  recordedAt: formatTime(row.recorded_at),
  confidence: Math.round(row.confidence * 10_000) / 10_000,
  source: row.source,
  readPoint: row.read_point,
  supersedes: row.supersedes,
});

const EvidenceAnswer = Type.Object({
  movement: MovementJson,
  decision: Type.Union(
    [
      Type.Object({
        id: Type.String(),
        kind: Type.String({ description: 'passage or presence.' }),
        revision: Type.Integer(),
        scores: Type.Record(Type.String(), Type.Unknown(), {
          description: 'Natural logarithms of likelihood ratios and odds.',
        }),
      }),
      Type.Null(),
    ],
    { description: 'Null for what a person said.' },
  ),
  why: Type.Union([WhyJson, Type.Null()], { description: 'Why the passage was decided so; null for anything else.' }),
  passage: Type.Union([PassageJson, Type.Null()], { description: 'The passage in its last revision.' }),
  reads: Type.Array(ReadEntry, { description: 'The reads that were weighed, in corrected time.' }),
  postings: Type.Array(
    Type.Object({
      line: Type.Integer(),
      sku: Type.String(),
      quantity: Type.Number(),
      from: Type.Record(Type.String(), Type.String()),
      to: Type.Record(Type.String(), Type.String()),
    }),
  ),
  person: Type.Union([
    Type.Object({ actor: Type.String(), reason: Type.Union([Type.String(), Type.Null()]) }),
    Type.Null(),
  ]),
  journal: Type.Object({ offset: Type.Integer({ description: 'The row of the journal that led to it.' }) }),
  supersededBy: Type.Union([Type.String(), Type.Null()]),
});

/** Of more places than so some have moved lately, and the newest movements of the site are looked through. */
const PLACES_BY_INDEX = 32;

/** When a truck leaves, what is on it becomes the customers': that is booked, and for the outside nothing moves. */
const OF_SOMETHING_THAT_MOVED = `not (t.type = 'ship' and t.from_location = '${WORLD}' and t.to_location = '${WORLD}')`;
export const hasMoved = ({ type, from_location: from, to_location: to }: MovementRow): boolean =>
  !(type === 'ship' && from === WORLD && to === WORLD);

export function movementRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/movements',
    {
      schema: {
        tags: ['movements'],
        summary: 'Movement history, newest first',
        description:
          'Compensations are movements too (`supersedes`); `effective=true` leaves out what was undone and what undid it.',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          epc: Type.Optional(Type.String({ maxLength: 128 })),
          sku: Type.Optional(Type.String()),
          location: Type.Optional(
            Type.String({ description: 'From or to it, or anything inside it; `world` for what came in or went out.' }),
          ),
          type: Type.Optional(Type.Enum([...TRANSACTION_TYPES])),
          readPoint: Type.Optional(Type.String()),
          from: TimeParameter('Happened at or after.'),
          to: TimeParameter('Happened before.'),
          effective: Type.Optional(Type.Boolean({ default: false })),
          ...Paging,
        }),
        response: { 200: Page(MovementJson), default: Problem },
      },
    },
    async ({ query }) => {
      const plans = await catalogue.asked(query.site);
      const where = filters();
      where.addAll(OF_SOMETHING_THAT_MOVED);
      where.add('t.epc = $', query.epc === undefined ? undefined : canonical(query.epc));
      where.add('t.sku = $', query.sku);
      where.add('t.type = $', query.type);
      where.add('t.read_point = $', query.readPoint);
      const places = query.location === undefined ? undefined : placesOf(plans, query.location);
      const isFew = places !== undefined && places.length <= PLACES_BY_INDEX;
      if (places !== undefined && !isFew) {
        const columns = [places.map(({ site }) => site), places.map(({ location }) => location)];
        where.addAll(
          `((t.site, t.from_location) in (select * from unnest($1::text[], $2::text[]))
            or (t.site, t.to_location) in (select * from unnest($1::text[], $2::text[])))`,
          ...columns,
        );
      }
      const from = timeOf(query.from, 'from');
      const to = timeOf(query.to, 'to');
      where.add('t.happened_at >= $', from === undefined ? undefined : formatTime(from));
      where.add('t.happened_at < $', to === undefined ? undefined : formatTime(to));
      if (query.effective === true) where.addAll(EFFECTIVE);
      const { limit, ...statement } = isFew
        ? newestAt(MOVEMENTS, places, where, query)
        : newest(MOVEMENTS, plans, where, query);
      const { rows } = await pool.query<MovementRow>(statement);
      return pageOf(rows, limit, movementJson, (row) => [formatTime(row.happened_at), row.id]);
    },
  );

  app.get(
    '/v1/movements/:id/evidence',
    {
      schema: {
        tags: ['movements'],
        summary: 'Why: the decision, its scores, and the raw reads',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 200: EvidenceAnswer, default: Problem },
      },
    },
    async ({ params }) => {
      const movement = await movementOf(context, params.id);
      if (movement === undefined) throw notFound(`There is no movement ${params.id}.`);
      const [evidence, passage, postings, undoing] = await Promise.all([
        evidenceOf(pool, movement),
        passageOf(pool, movement),
        pool.query<PostingRow>('select * from posting where site = $1 and transaction_id = $2 order by line', [
          movement.site,
          movement.id,
        ]),
        pool.query<{ id: string }>('select id from transaction where site = $1 and supersedes = $2', [
          movement.site,
          movement.id,
        ]),
      ]);
      const reads =
        evidence === null || evidence.reads === null
          ? []
          : (entriesToJson(decodeContent(evidence.reads).entries).reads ?? []);
      return {
        movement: movementJson(movement),
        why: await whyMoved(context, movement, evidence, passage, reads),
        decision: evidence && {
          id: evidence.id,
          kind: evidence.kind,
          revision: evidence.revision,
          scores: plainScores(evidence.scores),
        },
        passage: passage && passageJson(passage),
        reads,
        postings: postings.rows.map((row) => ({
          line: row.line,
          sku: row.sku,
          quantity: row.quantity,
          from: { location: row.from_location, container: row.from_container, status: row.from_status },
          to: { location: row.to_location, container: row.to_container, status: row.to_status },
        })),
        person: movement.actor === null ? null : { actor: movement.actor, reason: movement.reason },
        journal: { offset: movement.journal_offset },
        supersededBy: undoing.rows[0]?.id ?? null,
      };
    },
  );
}

interface PostingRow {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
  readonly from_location: string;
  readonly from_container: string;
  readonly from_status: string;
  readonly to_location: string;
  readonly to_container: string;
  readonly to_status: string;
}

async function movementOf({ pool, catalogue }: Context, id: string): Promise<MovementRow | undefined> {
  const sites = (await catalogue.all()).map((plan) => plan.site);
  const { rows } = await pool.query<MovementRow>(
    `select ${MovementColumns} from transaction t where t.site = any ($1) and t.id = $2`,
    [sites, id],
  );
  return rows[0];
}

interface EvidenceRow {
  readonly id: string;
  readonly kind: string;
  readonly revision: number;
  readonly scores: Record<string, unknown>;
  readonly reads: Buffer | null;
}

async function evidenceOf(pool: Pool, movement: MovementRow): Promise<EvidenceRow | null> {
  if (movement.decision === null) return null;
  const { rows } = await pool.query<EvidenceRow>(
    'select id, kind, revision, scores, reads from evidence where site = $1 and id = $2 and revision <= $3 order by revision desc limit 1',
    [movement.site, movement.decision, movement.decision_revision ?? 1],
  );
  return rows[0] ?? null;
}

async function passageOf(pool: Pool, movement: MovementRow): Promise<(PassageRow & { revision: number }) | null> {
  if (movement.decision === null) return null;
  const { rows } = await pool.query<PassageRow & { revision: number }>(
    `select ${PassageColumns} from passage p where p.site = $1 and p.id = $2`,
    [movement.site, movement.decision],
  );
  return rows[0] ?? null;
}

/** Of the revision that moved it: of an older one the movement itself says what the reads had said. */
async function whyMoved(
  { catalogue }: Context,
  movement: MovementRow,
  evidence: EvidenceRow | null,
  passage: (PassageRow & { revision: number }) | null,
  reads: WhyInput['reads'],
): Promise<WhyJson | null> {
  if (evidence?.kind !== 'passage' || passage === null) return null;
  const plan = await catalogue.one(movement.site);
  const portal = plan.readPoints.find(({ id }) => id === passage.read_point);
  const isUndoing = movement.supersedes !== null;
  const to = isUndoing ? movement.from_location : movement.to_location;
  const direction = portal?.kind === 'portal' && to === portal.inside ? 'in' : 'out';
  const moved: Said = { outcome: direction, leading: direction, probability: movement.confidence };
  return whyOf({
    plan,
    readPoint: passage.read_point,
    said: evidence.revision === passage.revision ? saidOf(passage, evidence.scores) : moved,
    crossedAt: movement.happened_at,
    group: passage.group_size ?? undefined,
    decidedBy: (evidence.revision === passage.revision && passage.decided_by) || undefined,
    scores: evidence.scores,
    reads,
  });
}
