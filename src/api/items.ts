// Where an item is, since when, how sure; and its life. Containers and tags without a SKU are items too.
import { Type } from 'typebox';
import { Strict } from '../config/schema.ts';
import { WORLD } from '../config/site.ts';
import { decodeEpc } from '../wire/epc/decodeEpc.ts';
import { MovementJson } from '../wire/movement.ts';
import { formatTime } from '../wire/time.ts';
import { actorOf, CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { canonical } from './epc.ts';
import { filters, newest } from './filters.ts';
import { Page, pageOf, Paging, timeText } from './lists.ts';
import { movementJson, MOVEMENTS, type MovementRow } from './movements.ts';
import { notFound, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);

export const ItemJson = Type.Object({
  epc: Type.String(),
  site: Type.String(),
  kind: Type.String({ description: 'item, container or unknown (no SKU is known for it).' }),
  sku: Text,
  lot: Text,
  owner: Text,
  location: Type.String({ description: 'Location of the site, or world.' }),
  account: Type.String({
    description:
      'Where the books have it: the location, or customer, supplier, adjustment; `outbound:` and a load while its truck has not left.',
  }),
  container: Text,
  status: Text,
  since: Type.String({ format: 'date-time' }),
  confidence: Type.Number(),
  lastSeenAt: Text,
  lastSeenBy: Text,
  movement: Text,
  identity: Type.Object(
    { scheme: Text, gtin: Text, serial: Text, sscc: Text, uri: Text },
    { description: 'What the EPC says by itself.' },
  ),
});

interface ItemRow {
  readonly site: string;
  readonly epc: string;
  readonly kind: string;
  readonly sku: string | null;
  readonly lot: string | null;
  readonly owner: string | null;
  readonly location: string;
  readonly container: string | null;
  readonly status: string | null;
  readonly since: number;
  readonly confidence: number;
  readonly last_seen_at: number | null;
  readonly last_seen_by: string | null;
  readonly transaction_id: string | null;
}

const itemJson = (row: ItemRow, isOnSite: boolean) => {
  const decoded = decodeEpc(row.epc);
  const gs1 = decoded.kind === 'gs1' ? decoded : undefined;
  return {
    epc: row.epc,
    site: row.site,
    kind: row.kind,
    sku: row.sku,
    lot: row.lot,
    owner: row.owner,
    location: isOnSite ? row.location : WORLD,
    account: row.location,
    container: row.container,
    status: row.status,
    since: formatTime(row.since),
    confidence: Math.round(row.confidence * 10_000) / 10_000,
    lastSeenAt: timeText(row.last_seen_at),
    lastSeenBy: row.last_seen_by,
    movement: row.transaction_id,
    identity: {
      scheme: gs1?.scheme ?? null,
      gtin: gs1?.gtin14 ?? null,
      serial: gs1?.serial ?? null,
      sscc: gs1?.sscc18 ?? null,
      uri: gs1?.pureIdentityUri ?? null,
    },
  };
};

const EpcParameter = Type.Object({
  epc: Type.String({ minLength: 2, maxLength: 128, description: 'Hexadecimal EPC.' }),
});
const SiteQuery = Type.Object({ site: Type.Optional(Type.String()) });

export function itemRoutes(app: App, { pool, catalogue, commands }: Context): void {
  const findItem = async (epcText: string, site: string | undefined): Promise<ItemRow> => {
    const epc = canonical(epcText);
    const sites = (await catalogue.asked(site)).map((plan) => plan.site);
    const { rows } = await pool.query<ItemRow>({
      name: 'item',
      text: 'select * from item where site = any ($1) and epc = $2 order by since desc limit 1',
      values: [sites, epc],
    });
    if (rows[0] === undefined)
      throw notFound(`No movement of ${epc} is known${site === undefined ? '' : ` at ${site}`}.`);
    return rows[0];
  };

  app.get(
    '/v1/items/:epc',
    {
      schema: {
        tags: ['items'],
        summary: 'Where it is, since when, how sure',
        params: EpcParameter,
        querystring: SiteQuery,
        response: { 200: ItemJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const row = await findItem(params.epc, query.site);
      const plan = await catalogue.one(row.site);
      return itemJson(row, plan.locations.has(row.location));
    },
  );

  app.get(
    '/v1/items/:epc/history',
    {
      schema: {
        tags: ['items'],
        summary: 'Its life, newest first',
        params: EpcParameter,
        querystring: Type.Object({ ...SiteQuery.properties, ...Paging }),
        response: { 200: Page(MovementJson), default: Problem },
      },
    },
    async ({ params, query }) => {
      const where = filters();
      where.add('t.epc = $', canonical(params.epc));
      const { limit, ...statement } = newest(MOVEMENTS, await catalogue.asked(query.site), where, query);
      const { rows } = await pool.query<MovementRow>(statement);
      if (rows.length === 0 && query.cursor === undefined) await findItem(params.epc, query.site);
      return pageOf(rows, limit, movementJson, (row) => [formatTime(row.happened_at), row.id]);
    },
  );

  app.put(
    '/v1/items/:epc/identity',
    {
      schema: {
        tags: ['items'],
        summary: 'Map a tag to a SKU',
        description: 'From then on its movements count; what is on site now is posted where it is.',
        params: EpcParameter,
        headers: KeyHeader,
        body: Strict({
          site: Type.String(),
          sku: Type.String({ minLength: 1, maxLength: 64 }),
          lot: Type.Optional(Type.String({ maxLength: 64 })),
          owner: Type.Optional(Type.String({ maxLength: 64 })),
          reason: Type.Optional(Type.String({ maxLength: 500 })),
        }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { site, ...body } = request.body;
      await catalogue.one(site);
      return commands.run(site, keyOfRequest(request), actorOf(request), {
        ...body,
        kind: 'identify',
        epc: canonical(request.params.epc),
      });
    },
  );
}
