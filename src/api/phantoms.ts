// Items that the books have somewhere and that may not be there, the likeliest first; and which place to look at next.
import { Type } from 'typebox';
import { DOUBT_ENDS } from '../infer/doubt/doubt.ts';
import { isWithin } from '../config/plan.ts';
import { CommandSchemas } from '../wire/command.ts';
import { doubtFigures, type DoubtFiguresRow } from '../watch/doubtRow.ts';
import { doubtAdvice, whyDoubted } from '../wire/doubt.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { canonical } from './epc.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeText } from './lists.ts';
import { Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Probability = Type.Number({ minimum: 0, maximum: 1, description: 'How likely it is that it is not there.' });

export const PhantomJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  state: Type.Enum(['open', 'closed']),
  epc: Type.String(),
  sku: Text,
  location: Type.String({ description: 'Where the books have it.' }),
  zone: Type.String({ description: 'The zone that should hear it there.' }),
  probability: Probability,
  why: Type.String({ description: 'What was concluded from, in words.' }),
  advice: Type.String(),
  heardAt: Type.String({ format: 'date-time', description: 'When it was heard, seen or put there last.' }),
  silentHours: Type.Integer({ description: 'Hours since in which its zone heard others, and not it.' }),
  answers: Type.Number({ description: 'Share of such hours in which it answers when it is there.' }),
  sweeps: Type.Integer({ description: 'Sweeps since that did not find it.' }),
  shortPicks: Type.Integer({ description: 'Times since that a picker found less in its bin than the books have.' }),
  openedAt: Type.String({ format: 'date-time' }),
  closedAt: Text,
  end: Type.Union([Type.Enum([...DOUBT_ENDS]), Type.Null()], { description: 'How it ended.' }),
});

const CheckJson = Type.Object({
  site: Type.String(),
  location: Type.String(),
  items: Type.Integer({ description: 'Doubted items there.' }),
  expectedMissing: Type.Number({
    description: 'How many of them are missing, as far as is known: the sum of the probabilities.',
  }),
  likeliest: Probability,
  shortPicks: Type.Integer({
    description: 'Open reports of pickers that something is not there, also of stock without tags.',
  }),
  suggestion: Type.String(),
});

export interface DoubtRow extends DoubtFiguresRow {
  readonly site: string;
  readonly id: string;
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly ended: (typeof DOUBT_ENDS)[number] | null;
}

export const phantomJson = (row: DoubtRow) => {
  const figures = doubtFigures(row);
  return {
    ...figures,
    id: row.id,
    site: row.site,
    state: row.closed_at === null ? ('open' as const) : ('closed' as const),
    why: whyDoubted(figures),
    advice: doubtAdvice(figures),
    heardAt: formatTime(row.heard_at),
    openedAt: formatTime(row.opened_at),
    closedAt: timeText(row.closed_at),
    end: row.ended,
  };
};

const CHECKS_MAX = 100;

export function phantomRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/phantoms',
    {
      schema: {
        tags: ['phantoms'],
        summary: 'Items that may not be where the books have them, the likeliest to be missing first',
        description: `Of items with a tag under a zone: what its zone heard of others and not of it, hour by hour, says how likely it is that it
has gone. An hour in which its reader or its antenna heard nothing says nothing. It is told from 0.3 on, is an alert (\`phantom\`) from 0.9 on, and
ends when the tag is heard again or a person has looked. Nothing is written off by itself.`,
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum(['open', 'closed', 'all'], { default: 'open' })),
          location: Type.Optional(Type.String({ maxLength: 64, description: 'There, or in a location within it.' })),
          sku: Type.Optional(Type.String({ maxLength: 64 })),
          probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'At least.' })),
          ...Paging,
        }),
        response: { 200: Page(PhantomJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'open', location, limit = LIMIT_DEFAULT } = query;
      const plans = await catalogue.asked(query.site);
      const where = filters();
      where.add(
        'd.site = any ($)',
        plans.map(({ site }) => site),
      );
      if (state !== 'all') where.addAll(`d.closed_at is ${state === 'open' ? '' : 'not'} null`);
      if (location !== undefined) {
        const within = plans.flatMap((plan) => [...plan.locations.keys()].filter((id) => isWithin(plan, id, location)));
        where.add('d.location = any ($)', [location, ...within]);
      }
      where.add('d.sku = $', query.sku);
      where.add('d.probability >= $', query.probability);
      const after = keyOf(query.cursor, ['number', 'id']);
      if (after !== undefined)
        where.addAll('(round(d.probability * 100)::bigint, d.id) < ($1::bigint, $2::uuid)', ...after);
      const { rows } = await pool.query<DoubtRow>(
        `select d.* from doubt d where ${where.where()} order by d.probability desc, d.id desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, phantomJson, (row) => [Math.round(row.probability * 100), row.id]);
    },
  );

  app.get(
    '/v1/phantoms/checks',
    {
      schema: {
        tags: ['phantoms'],
        summary: 'Which place to sweep or count next: where most is expected to be missing first',
        querystring: Type.Object({ site: Type.Optional(Type.String()) }),
        response: { 200: Type.Object({ checks: Type.Array(CheckJson) }), default: Problem },
      },
    },
    async ({ query }) => {
      const sites = (await catalogue.asked(query.site)).map(({ site }) => site);
      const { rows } = await pool.query<{
        site: string;
        location: string;
        items: number;
        missing: number;
        likeliest: number;
        short_picks: number;
      }>({
        name: 'phantom-checks',
        text: `with doubted as (
                 select site, location, count(*) as items, sum(probability) as missing, max(probability) as likeliest
                 from doubt where site = any ($1) and closed_at is null group by site, location
               ), short as (
                 select site, location, count(*) as short_picks from discrepancy
                 where site = any ($1) and kind = 'short-pick' and state = 'open' and location is not null group by site, location
               )
               select site, location, coalesce(items, 0)::bigint as items, coalesce(missing, 0) as missing, coalesce(likeliest, 0) as likeliest,
                      coalesce(short_picks, 0)::bigint as short_picks
               from doubted full join short using (site, location)
               order by coalesce(missing, 0) + coalesce(short_picks, 0) desc, site, location limit ${CHECKS_MAX}`,
        values: [sites],
      });
      return {
        checks: rows.map(({ missing, short_picks: shortPicks, ...row }) => ({
          ...row,
          expectedMissing: Math.round(missing * 100) / 100,
          shortPicks,
          suggestion:
            row.items > 0
              ? `Sweep ${row.location} with a handheld reader, and say what it read: that settles ${row.items === 1 ? 'one doubt' : `${row.items} doubts`}.`
              : `Count ${row.location}: a picker did not find what the books have there.`,
        })),
      };
    },
  );

  app.post(
    '/v1/items/:epc/check',
    {
      schema: {
        tags: ['phantoms'],
        summary: 'Say that somebody looked for an item, and whether it is there',
        description: 'Found elsewhere, it moves there; missing, it leaves the books.',
        headers: KeyHeader,
        params: Type.Object({ epc: Type.String({ minLength: 2, maxLength: 128 }) }),
        body: bodyOf(CommandSchemas['check-item'], 'epc'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) =>
      runCommand(context, request, 'check-item', {
        ...(request.body as Body),
        epc: canonical(request.params.epc),
      }),
  );
  app.post(
    '/v1/sweeps',
    {
      schema: {
        tags: ['phantoms'],
        summary: 'Say what a sweep of a place with a handheld reader has read',
        description: `What it read is there: doubts of it end, and what the books have elsewhere moves there. What it did not read is doubted
more, and stays in the books; \`detail.missing\` names it.`,
        headers: KeyHeader,
        body: bodyOf(CommandSchemas.sweep),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) => runCommand(context, request, 'sweep', request.body as Body),
  );
}
