// A where clause from the parameters that were given; always bound values, never text in the statement. And lists over
// several sites, newest first.
import type { SitePlan } from '../config/plan.ts';
import type { Place } from './catalogue.ts';
import { keyOf, LIMIT_DEFAULT } from './lists.ts';

export interface Filters {
  /** Adds a condition; `$` in it stands for the value, `undefined` adds nothing. */
  readonly add: (condition: string, value: unknown) => void;
  /** Adds a condition with several values: `$1`, `$2`… in it count from the first of them. */
  readonly addAll: (condition: string, ...values: readonly unknown[]) => void;
  readonly where: () => string;
  readonly values: readonly unknown[];
  /** Adds a value alone: its place. */
  readonly bind: (value: unknown) => string;
}

export function filters(): Filters {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  return {
    values,
    bind,
    add(condition, value) {
      if (value === undefined) return;
      const place = bind(value);
      conditions.push(condition.replaceAll('$', () => place));
    },
    addAll(condition, ...given) {
      const places = given.map((value) => bind(value));
      conditions.push(condition.replaceAll(/\$(\d)/g, (_, number: string) => places[Number(number) - 1]!));
    },
    where: () => (conditions.length === 0 ? 'true' : conditions.join(' and ')),
  };
}

/** A table whose rows have a time and an id; `as` is its name in the conditions. */
export interface Listed {
  readonly table: string;
  readonly as: string;
  readonly columns: string;
  readonly time: string;
}

/**
 * Rows of several sites, newest first, one more than fit on the page: the newest of each site by its index, then the newest
 * of those. A plain `site = any (…)` would read and sort everything there is.
 */
export function newest(
  { table, as, columns, time }: Listed,
  plans: readonly SitePlan[],
  where: Filters,
  page: { readonly limit?: number; readonly cursor?: string },
): { readonly text: string; readonly values: unknown[]; readonly limit: number } {
  const limit = page.limit ?? LIMIT_DEFAULT;
  const after = keyOf(page.cursor, ['time', 'id']);
  if (after !== undefined) where.addAll(`(${as}.${time}, ${as}.id) < ($1::timestamptz, $2::uuid)`, ...after);
  const sites = where.bind(plans.map(({ site }) => site));
  const first = `order by ${as}.${time} desc, ${as}.id desc limit ${where.bind(limit + 1)}`;
  return {
    text: `select ${as}.* from unnest(${sites}::text[]) as asked (site)
           cross join lateral (select ${columns} from ${table} ${as} where ${as}.site = asked.site and ${where.where()} ${first}) ${as} ${first}`,
    values: [...where.values],
    limit,
  };
}

/**
 * Movements from or to places, newest first, one more than fit on the page: the newest of each place by its two indexes, then the newest
 * of those.
 */
export function newestAt(
  { table, as, columns, time }: Listed,
  places: readonly Place[],
  where: Filters,
  page: { readonly limit?: number; readonly cursor?: string },
): { readonly text: string; readonly values: unknown[]; readonly limit: number } {
  const limit = page.limit ?? LIMIT_DEFAULT;
  const after = keyOf(page.cursor, ['time', 'id']);
  if (after !== undefined) where.addAll(`(${as}.${time}, ${as}.id) < ($1::timestamptz, $2::uuid)`, ...after);
  const asked = `unnest(${where.bind(places.map(({ site }) => site))}::text[], ${where.bind(places.map(({ location }) => location))}::text[])`;
  const order = `order by ${as}.${time} desc, ${as}.id desc`;
  const most = `limit ${where.bind(limit + 1)}`;
  const side = (column: string): string =>
    `(select ${columns} from ${table} ${as} where ${as}.site = asked.site and ${as}.${column} = asked.location and ${where.where()} ${order} ${most})`;
  return {
    // From one of the places to another it is found twice.
    text: `select distinct on (${as}.${time}, ${as}.id, ${as}.site) ${as}.* from ${asked} as asked (site, location)
           cross join lateral (${side('from_location')} union all ${side('to_location')}) ${as} ${order}, ${as}.site ${most}`,
    values: [...where.values],
    limit,
  };
}
