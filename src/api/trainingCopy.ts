// A copy of a site to practise in: its floor, its rules, what it knows of its products and partners, and stock as it lies there now. No reader, no
// device and no channel of the real one; its cartons have numbers of their own.
import { Type } from 'typebox';
import { siteSource } from '../config/load.ts';
import type { SiteFile } from '../config/site.ts';
import { Strict } from '../config/schema.ts';
import type { Command } from '../wire/command.ts';
import { Id } from '../wire/id.ts';
import { actorOf, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { partnerJson, type PartnerRow } from './partnerJson.ts';
import { productJson, type ProductRow } from './productJson.ts';
import { ApiFault, Problem } from './problem.ts';

/** What is copied of each at most: enough to practise with. */
const COPIED_MAX = 2000;
/** Commands that are under way at once: they are committed together. */
const AT_ONCE = 50;

const Copied = Type.Object({
  site: Type.String(),
  of: Type.String(),
  products: Type.Integer(),
  partners: Type.Integer(),
  stock: Type.Integer({ description: 'Bins and what lies in them.' }),
  left: Type.Integer({ description: 'Of all these, beyond what is copied at most.' }),
});

export function trainingCopyRoutes(app: App, context: Context): void {
  const { catalogue, rules } = context;
  app.post(
    '/v1/sites/:site/training',
    {
      schema: {
        tags: ['sites'],
        summary: 'Make a copy of it to practise in',
        description: `Its floor, rules, products, partners, and stock as it lies there now (what has tags as so much of its SKU), at most ${COPIED_MAX} of each. No device and no level
of an alert comes with it; its cartons have numbers of their own. Everything that it answers has the header \`X-Tallygate-Training\`.`,
        params: Type.Object({ site: Type.String() }),
        headers: KeyHeader,
        body: Strict({
          as: Type.String({
            ...Id,
            description: 'What the copy is called: a site that is not there yet, or one for training.',
          }),
        }),
        response: { 200: Copied, default: Problem },
      },
    },
    async (request) => {
      const { as } = request.body;
      const plan = await catalogue.one(request.params.site);
      const key = keyOfRequest(request);
      const actor = actorOf(request);
      if ((await catalogue.all()).some((other) => other.site === as) && !catalogue.isTraining(as))
        throw new ApiFault(422, 'training-site', `as: ${as} is a real site; call the copy otherwise.`);
      const source = siteSource(copyOf(plan.source.file, as), { rules });
      await context.commands.run(as, `${key} site`, actor, { kind: 'load-site', source });
      catalogue.stale();
      const { commands, products, partners, stock, left } = await commandsFor(context, plan.site);
      for (let from = 0; from < commands.length; from += AT_ONCE)
        await Promise.all(
          commands
            .slice(from, from + AT_ONCE)
            .map((command, index) => context.commands.run(as, `${key} ${from + index}`, actor, command)),
        );
      return { site: as, of: plan.site, products, partners, stock, left };
    },
  );
}

/** The site file of the copy. Reads come to it only from who names it. */
function copyOf({ alerts: _alerts, devices: _devices, sourcing: _sourcing, ...file }: SiteFile, as: string): SiteFile {
  const { packing } = file;
  const extension = packing?.extension === 9 ? 8 : 9;
  return {
    ...file,
    site: as,
    name: `${file.name ?? file.site} (training)`,
    training: true,
    ...(packing === undefined ? {} : { packing: { ...packing, extension } }),
  };
}

/** What makes the copy know and hold what the real one does. */
async function commandsFor({ pool }: Context, site: string) {
  const [products, partners, stock] = await Promise.all([
    pool.query<ProductRow & { readonly all: number }>({
      name: 'training-products',
      text: `select p.*, count(*) over ()::integer as all from product p where site = $1 order by sku limit ${COPIED_MAX}`,
      values: [site],
    }),
    pool.query<PartnerRow & { readonly all: number }>({
      name: 'training-partners',
      text: `select p.*, count(*) over ()::integer as all from partner p where site = $1 order by kind, partner_id limit ${COPIED_MAX}`,
      values: [site],
    }),
    pool.query<StockRow & { readonly all: number }>({
      name: 'training-stock',
      text: `select location, sku, lot, owner, status, sum(quantity) as quantity, count(*) over ()::integer as all
             from balance where site = $1 and status <> '' and quantity > 0 and location !~ '^(outbound|transit):'
             group by location, sku, lot, owner, status order by location, sku, lot, owner, status limit ${COPIED_MAX}`,
      values: [site],
    }),
  ]);
  const commands = [
    ...products.rows.map((row) => productCommand(row)),
    ...partners.rows.map((row) => partnerCommand(row)),
    ...stock.rows.map((row) => stockCommand(row)),
  ];
  const all = [products, partners, stock].reduce((sum, { rows }) => sum + (rows[0]?.all ?? 0), 0);
  const counts = { products: products.rows.length, partners: partners.rows.length, stock: stock.rows.length };
  return { commands, ...counts, left: all - commands.length };
}

interface StockRow {
  readonly location: string;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly status: string;
  readonly quantity: number;
}

/** Without what is null: nothing is known of it. */
const known = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));

function productCommand(row: ProductRow): Command {
  const { site: _site, revision: _revision, changedAt: _changedAt, ...fields } = productJson(row);
  return { kind: 'product', ...known(fields) } as Command;
}

function partnerCommand(row: PartnerRow): Command {
  const { kind: of, id: partner, name, address, tolerance } = partnerJson(row);
  return { kind: 'partner', of, partner, ...known({ name, address, tolerance }) };
}

const stockCommand = ({ location, sku, lot, owner, status, quantity }: StockRow): Command =>
  ({
    kind: 'adjust',
    sku,
    quantity,
    location,
    status,
    ...known({ lot, owner }),
    reason: 'stock to practise with',
  }) as Command;
