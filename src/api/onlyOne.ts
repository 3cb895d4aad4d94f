// One order, pick list, load or task by its number, wherever it is.
import { Type } from 'typebox';
import type { Context } from './context.ts';
import { ApiFault, notFound } from './problem.ts';

export const Path = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export const SiteQuery = {
  site: Type.Optional(Type.String({ description: 'Left out when only one site has one of that number.' })),
};

const NUMBERED = {
  customer_order: { column: 'order_id', what: 'order' },
  pick_list: { column: 'pick', what: 'pick list' },
  carton: { column: 'sscc', what: 'carton' },
  count_plan: { column: 'count_id', what: 'count' },
  outbound_load: { column: 'load_id', what: 'load' },
  task: { column: 'task', what: 'task' },
  inbound: { column: 'inbound', what: 'inbound document' },
  appointment: { column: 'appointment_id', what: 'appointment' },
  announced_return: { column: 'return_id', what: 'announced return' },
  supplier_return: { column: 'return_id', what: 'return to a supplier' },
} as const;

/** Throws `not-found` when there is none, `bad-request` when several sites have one. */
export async function oneOf<Row>(
  { pool, catalogue }: Context,
  table: keyof typeof NUMBERED,
  id: string,
  site: string | undefined,
): Promise<Row> {
  const { column, what } = NUMBERED[table];
  const sites = (await catalogue.asked(site)).map((plan) => plan.site);
  const { rows } = await pool.query<Row & Record<string, unknown>>({
    name: `one-${table}`,
    text: `select * from ${table} where site = any ($1) and ${column} = $2`,
    values: [sites, id],
  });
  if (rows.length > 1)
    throw new ApiFault(400, 'bad-request', `site: ${rows.length} sites have a ${what} ${id}; say which.`);
  if (rows[0] === undefined) throw notFound(`There is no ${what} ${id}${site === undefined ? '' : ` at ${site}`}.`);
  return rows[0];
}
