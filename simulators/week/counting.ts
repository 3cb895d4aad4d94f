// Bins are counted day by day, blind, by people who see what is truly there; what differs is counted again and approved.
import type { CountCommand } from '../../src/wire/counting.ts';
import type { CommandOutcome } from '../../src/wire/command.ts';
import { PLAIN } from './goods.ts';
import type { House } from './house.ts';
import { HOUR_MS, MINUTE_MS } from './times.ts';
import type { Week } from './week.ts';

const COUNTERS = ['ann', 'ben'] as const;
const APPROVER = 'cy';
const TAG_BINS = ['B-01', 'B-02', 'B-03', 'B-04', 'C-01', 'C-02', 'C-03', 'C-04'];

/** Bins of a day: by turns, and every bin within the week. */
export function planCounts(week: Week, house: House, day: number, days: number, dayAt: number): void {
  const all = [...PLAIN.map(({ bin }) => bin), ...TAG_BINS];
  const bins = all.filter((_, index) => index % days === day);
  // When nobody picks.
  week.at(dayAt + 18 * HOUR_MS, () => countBins(week, house, `C-${day}`, bins));
}

function countBins(week: Week, house: House, count: string, locations: readonly string[]): void {
  const planned = week.say(house.site, APPROVER, {
    kind: 'plan-count',
    count,
    by: 'location',
    locations: [...locations],
  });
  if (planned.status === 'refused') return;
  const { countTasks } = week.plant.site(house.site).books;
  for (const [key, { task, location }] of countTasks)
    if (key.startsWith(`${count} `))
      week.at(week.now() + task * 5 * MINUTE_MS, () => countBin(week, house, count, task, location));
}

function countBin(week: Week, house: House, count: string, task: number, location: string): void {
  const { site } = house;
  const { truth, facts } = week;
  const attempt = (index: number): CommandOutcome =>
    week.say(site, COUNTERS[index]!, counted(week, house, count, task, location));
  const first = attempt(0);
  const stateOf = (outcome: CommandOutcome): unknown =>
    outcome.status === 'done' ? outcome.detail?.['state'] : undefined;
  if (stateOf(first) === 'recount') {
    const second = attempt(1);
    if (stateOf(second) === 'approval') week.say(site, APPROVER, { kind: 'approve-count', count, task });
  }
  if (first.status === 'refused') return;
  // What is known of the bin now is what lies there; what differed was a record that was wrong.
  const wrong = new Set(
    truth.unseen(site).flatMap(({ locations, sku, lot }) => (locations.includes(location) ? [`${sku} ${lot}`] : [])),
  );
  const records = new Set([
    ...truth.lotsAt(site, location).map(({ sku, lot }) => `${sku} ${lot}`),
    ...truth.unitsAt(site, location).map(({ sku }) => `${sku} `),
    ...wrong,
  ]);
  const known = facts.records.get(site) ?? { counted: 0, accurate: 0 };
  facts.records.set(site, known);
  known.counted += Math.max(1, records.size);
  known.accurate += Math.max(1, records.size) - wrong.size;
  const { items } = week.plant.site(site).books;
  truth.count(site, location, (epc) => items.get(epc)?.location);
  house.countedAt.set(location, week.now());
}

/** What the counter sees. */
function counted({ truth }: Week, { site }: House, count: string, task: number, location: string): CountCommand {
  const lots = truth.lotsAt(site, location).filter(({ quantity }) => quantity > 0);
  const epcs = truth.unitsAt(site, location).map(({ epc }) => epc);
  if (lots.length + epcs.length === 0) return { kind: 'count-bin', count, task, empty: true };
  const isPlain = PLAIN.some(({ bin }) => bin === location);
  return {
    kind: 'count-bin',
    count,
    task,
    ...(isPlain
      ? { lines: lots.map(({ sku, lot, quantity }) => ({ sku, quantity, ...(lot === '' ? {} : { lot }) })) }
      : {}),
    ...(isPlain ? {} : { epcs }),
  };
}
