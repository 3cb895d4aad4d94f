// What stood at sites day by day, and what they had sent: what dry runs of rules about demand look at. Stock is that on hand then, as far as
// it is available now; what orders waited for then is not kept, and counts for nothing.
import { sqlFile } from '../../store/sql.ts';
import type { Past, Period } from '../finding.ts';
import { spansOf } from '../periods.ts';
import { DEMAND_DAYS, standingsOf, type Standing } from './demand.ts';

const PAST = sqlFile(import.meta.url, 'sql/pastDemand.sql');
const DAY_MS = 86_400_000;

/** Everything at the end of a day of UTC, or when what is asked for ends, ms. */
export interface PastDay {
  readonly at: number;
  readonly standings: readonly Standing[];
}

interface Flow {
  readonly site: string;
  readonly sku: string;
  readonly day: string;
  readonly net: number;
  readonly shipped: number;
}

/** The days from `from` to `to`, oldest first. */
export async function pastStandings(past: Past, sites: readonly string[]): Promise<readonly PastDay[]> {
  const { database, from, to } = past;
  const first = Math.floor(from / DAY_MS);
  const last = Math.floor(to / DAY_MS);
  const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
  const { rows } = await database.query<Flow & Record<string, unknown>>({
    text: PAST,
    values: [sites, dayText(first - DEMAND_DAYS)],
  });
  const present = await standingsOf(past, sites, to);
  return standingsByDay(present, rows, first, last).map(({ day, standings }) => ({
    at: Math.min(to, (day + 1) * DAY_MS),
    standings,
  }));
}

/** From what is there now back to a day: less what came since. Days count from 1970. Pure. */
export function standingsByDay(
  present: readonly Standing[],
  flows: readonly Flow[],
  first: number,
  last: number,
): readonly { readonly day: number; readonly standings: readonly Standing[] }[] {
  const begin = first - DEMAND_DAYS;
  const length = Math.max(last, ...flows.map(({ day }) => dayOf(day))) - begin + 1;
  const bySku = new Map<string, Course>();
  const courseOf = (site: string, sku: string): Course => {
    const key = `${site} ${sku}`;
    let course = bySku.get(key);
    if (course === undefined)
      bySku.set(
        key,
        (course = { site, sku, available: 0, net: new Float64Array(length), shipped: new Float64Array(length) }),
      );
    return course;
  };
  for (const { site, sku, available } of present) courseOf(site, sku).available = available;
  for (const { site, sku, day, net, shipped } of flows) {
    const course = courseOf(site, sku);
    const index = dayOf(day) - begin;
    if (index < 0) continue;
    course.net[index]! += net;
    course.shipped[index]! += shipped;
  }
  const courses = [...bySku.values()];
  for (const { net, shipped } of courses) {
    // What came after each day, and what was sent until it.
    for (let index = length - 2; index >= 0; index--) net[index]! += net[index + 1]!;
    for (let index = 1; index < length; index++) shipped[index]! += shipped[index - 1]!;
  }
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const day = index + DEMAND_DAYS;
    const standings = courses.map(({ site, sku, available, net, shipped }) => ({
      site,
      sku,
      available: Math.max(0, available - (net[day + 1] ?? 0)),
      shipped: shipped[day]! - shipped[day - DEMAND_DAYS]!,
      waiting: 0,
    }));
    return { day: first + index, standings };
  });
}

/** A SKU at a site, day by day. */
interface Course {
  readonly site: string;
  readonly sku: string;
  available: number;
  readonly net: Float64Array;
  readonly shipped: Float64Array;
}

const dayOf = (text: string): number => Math.floor(Date.parse(text) / DAY_MS);

/** The spans of days on which something was wrong, thing by thing. */
export function wrongOn(
  days: readonly PastDay[],
  { to }: Pick<Past, 'to'>,
  wrongs: (standings: readonly Standing[]) => readonly { readonly subject: string; readonly message: string }[],
): readonly Period[] {
  const found = days.map(({ at, standings }) => ({
    at,
    wrong: new Map(wrongs(standings).map((one) => [one.subject, one.message])),
  }));
  const subjects = new Set(found.flatMap(({ wrong }) => [...wrong.keys()]));
  return [...subjects].flatMap((subject) => {
    const points = found.map(({ at, wrong }) => ({ at, isWrong: wrong.has(subject) }));
    const message = found.findLast(({ wrong }) => wrong.has(subject))!.wrong.get(subject)!;
    return spansOf(points, to).map((span) => ({ ...span, subject, message }));
  });
}
