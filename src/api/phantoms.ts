// Items that the books have somewhere and that may not be there, the likeliest first; and which place to look at next.
import { Type } from 'typebox';
import { isWithin, type SitePlan } from '../config/plan.ts';
import { CommandSchemas } from '../wire/command.ts';
import { sqlFile } from '../store/sql.ts';
import { stockDoubts, type StockDoubt } from '../watch/untagged/doubts.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { canonical } from './epc.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import {
  CheckJson,
  checksOf,
  comesAfter,
  isThere,
  keyOfDoubt,
  PhantomJson,
  phantomJson,
  stockJson,
  type DoubtedPlace,
  type DoubtRow,
  type WaitingPlace,
} from './phantomJson.ts';
import { Problem } from './problem.ts';

const CHECKS = sqlFile(import.meta.url, 'sql/phantomChecks.sql');
const CHECKS_MAX = 100;

export function phantomRoutes(app: App, context: Context): void {
  const { pool, catalogue, clock } = context;
  const stockOf = async (plans: readonly SitePlan[], sku?: string): Promise<readonly StockDoubt[]> =>
    (await Promise.all(plans.map((plan) => stockDoubts(pool, plan, { at: clock(), sku, withGaps: true })))).flat();
  app.get(
    '/v1/phantoms',
    {
      schema: {
        tags: ['phantoms'],
        summary: 'Items that may not be where the books have them, the likeliest to be missing first',
        description: `Of items with a tag under a zone: what its zone heard of others and not of it, hour by hour, says how likely it is that it
has gone. An hour in which its reader or its antenna heard nothing says nothing. It is told from 0.3 on, is an alert (\`phantom\`) from 0.75 on and a
warning from 0.9 on, and ends when the tag is heard again or a person has looked. Stock without tags (\`epc\` null) is doubted by what people met: pickers who found
less, stock taken where the books had none, days without a sale, and how counts came out; a count ends it. Nothing is written off by itself.`,
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum(['open', 'closed', 'all'], { default: 'open' })),
          location: Type.Optional(Type.String({ maxLength: 64, description: 'There, or in a location within it.' })),
          sku: Type.Optional(Type.String({ maxLength: 64 })),
          probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'At least.' })),
          tagged: Type.Optional(Type.Boolean({ description: 'Only items with a tag, or only stock without.' })),
          ...Paging,
        }),
        response: { 200: Page(PhantomJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'open', location, limit = LIMIT_DEFAULT } = query;
      const plans = await catalogue.asked(query.site);
      const where = filters();
      where.add('d.site = any ($)', query.tagged === false ? [] : plans.map(({ site }) => site));
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
      const at = clock();
      const stock =
        state === 'closed' || query.tagged === true
          ? []
          : (await stockOf(plans, query.sku)).filter(
              (doubt) =>
                doubt.probability >= (query.probability ?? 0) &&
                (location === undefined || isThere(plans, doubt, location)) &&
                (after === undefined || comesAfter(keyOfDoubt(doubt), after)),
            );
      const both = [
        ...rows.map((row) => ({ key: keyOfDoubt(row), item: phantomJson(row) })),
        ...stock.map((doubt) => ({ key: keyOfDoubt(doubt), item: stockJson(doubt, at) })),
      ].toSorted((a, b) => (comesAfter(b.key, a.key) ? -1 : 1));
      return pageOf(
        both,
        limit,
        ({ item }) => item,
        ({ key }) => key,
      );
    },
  );

  app.get(
    '/v1/phantoms/checks',
    {
      schema: {
        tags: ['phantoms'],
        summary: 'Which place to sweep or count next: where most is expected to be missing first',
        description:
          'Its `count` can be posted to `/v1/counts` as it is: a plan to count the place. Where `waits` is not null it waits for that already.',
        querystring: Type.Object({ site: Type.Optional(Type.String()) }),
        response: { 200: Type.Object({ checks: Type.Array(CheckJson) }), default: Problem },
      },
    },
    async ({ query }) => {
      const plans = await catalogue.asked(query.site);
      const { rows } = await pool.query<DoubtedPlace & Record<string, unknown>>({
        name: 'phantom-checks',
        text: CHECKS,
        values: [plans.map(({ site }) => site)],
      });
      const checks = checksOf(rows, await stockOf(plans)).slice(0, CHECKS_MAX);
      const waiting = await pool.query<WaitingPlace & Record<string, unknown>>({
        name: 'phantom-checks-waiting',
        text: `select site, location, count_id as count, task from count_task
               where site = any ($1) and location = any ($2) and state not in ('closed', 'cancelled')`,
        values: [plans.map(({ site }) => site), checks.map(({ location }) => location)],
      });
      const waits = ({ site, location }: { readonly site: string; readonly location: string }) =>
        waiting.rows.find((one) => one.site === site && one.location === location) ?? null;
      return { checks: checks.map((check) => ({ ...check, waits: waits(check) })) };
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
