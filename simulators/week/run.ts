// The working week: what is planned of each day at each site, run to its end. The same seed and level give the same week.
import type { LevelName } from '../radio/levels.ts';
import { jitteredLevel, LEVELS } from '../radio/levels.ts';
import { random } from '../random.ts';
import { planCounts } from './counting.ts';
import { openFacts } from './facts.ts';
import { PLAIN, productCommands } from './goods.ts';
import { at as spot, openHouse, type House } from './house.ts';
import { planTrucks } from './inbound.ts';
import { driveAbout, lookForDoubted, mishaps } from './mishaps.ts';
import { planMistakes } from './mistakes.ts';
import { planOrders, releaseWave } from './orders.ts';
import { openPlant, type OnRow } from './plant.ts';
import { packAll } from './packing.ts';
import { sendParcels } from './parcels.ts';
import { listenRound } from './roofs.ts';
import { loadTrucks } from './shipping.ts';
import { WAREHOUSES, weekSites } from './sites.ts';
import { storingRound } from './storing.ts';
import { openThirdParty, planThirdParty } from './thirdParty.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_AT } from './times.ts';
import type { OpenWeekMachine } from './told.ts';
import { planTransfer } from './transfers.ts';
import { openTruth } from './truth.ts';
import { openWeek, type Week } from './week.ts';

export interface WeekOptions {
  readonly seed: number;
  readonly level: LevelName;
  /** Working days, from Monday on. */
  readonly days: number;
  readonly openMachine: OpenWeekMachine;
  /** Told of every row of every journal, and what came of it. */
  readonly onRow?: OnRow;
  /** Told of each warehouse before its bins are counted, when work is over. */
  readonly onEvening?: (week: Week, site: string) => void;
}

/** Every parameter of the air is off by up to this, another way each seed. */
const JITTER_SHARE = 0.2;
const ROUND_EVERY_MS = 30 * MINUTE_MS;
const OPENING = 40;

/** Runs the week, and the night after it. */
export function runWeek({
  seed,
  level: name,
  days,
  openMachine,
  onRow,
  onEvening,
}: WeekOptions): Week & { readonly until: number; readonly journeys: number } {
  const plant = openPlant(weekSites(), openMachine, WEEK_AT, onRow);
  const level = jitteredLevel(LEVELS[name], JITTER_SHARE, random(seed, 'jitter'));
  const mistakes = planMistakes(seed, days, WEEK_AT + 6 * HOUR_MS);
  const week = openWeek({ seed, level, plant, truth: openTruth(), mistakes, facts: openFacts() });
  const houses = WAREHOUSES.map((site) => openHouse(week, site));
  week.at(WEEK_AT, () => {
    openThirdParty(week);
    for (const house of houses) open(week, house);
  });
  for (let day = 0; day < days; day++) {
    const dayAt = WEEK_AT + day * DAY_MS;
    for (const [index, house] of houses.entries())
      planDay(week, [house, houses[1 - index]!], day, days, dayAt, (site) => onEvening?.(week, site));
    planThirdParty(week, houses[day % 2]!, day, dayAt, day < days - 1);
  }
  const until = WEEK_AT + days * DAY_MS + 6 * HOUR_MS;
  week.run(until);
  return { ...week, until, journeys: houses.reduce((sum, { journeys }) => sum + journeys.length, 0) };
}

/** Products, and what lay in the pick faces before the books began. */
function open(week: Week, house: House): void {
  for (const command of productCommands()) week.say(house.site, 'cleo', command);
  for (const { sku, bin, byLot } of PLAIN) {
    const lot = byLot ? { lot: 'L0' } : {};
    week.say(house.site, 'cleo', { kind: 'adjust', sku, ...lot, quantity: OPENING, location: bin, reason: 'opening' });
    week.truth.change(spot(house, bin), sku, lot.lot ?? '', OPENING);
  }
}

function planDay(
  week: Week,
  [house, other]: readonly [House, House],
  day: number,
  days: number,
  dayAt: number,
  evening: (site: string) => void,
): void {
  planTrucks(week, house, day, dayAt);
  planOrders(week, house, day, dayAt);
  driveAbout(week, house, day, dayAt);
  for (let minutes = 6 * 60 + 20; minutes <= 17.5 * 60; minutes += 20)
    week.at(dayAt + minutes * MINUTE_MS, () => storingRound(week, house));
  for (const [index, hour] of [8, 10.5, 13].entries())
    week.at(dayAt + hour * HOUR_MS, () => releaseWave(week, house, `W-${day}-${index + 1}`));
  week.at(dayAt + 14.5 * HOUR_MS, () => packAll(week, house));
  week.at(dayAt + 15.5 * HOUR_MS, () => sendParcels(week, house, day));
  week.at(dayAt + 16 * HOUR_MS, () => loadTrucks(week, house, day));
  for (let hour = 7; hour <= 17; hour++) {
    week.at(dayAt + hour * HOUR_MS + 7 * MINUTE_MS, () => mishaps(week, house));
    week.at(dayAt + hour * HOUR_MS + 11 * MINUTE_MS, () => lookForDoubted(week, house));
  }
  week.at(dayAt + 17.9 * HOUR_MS, () => evening(house.site));
  for (let round = 0; round * ROUND_EVERY_MS < DAY_MS; round++)
    week.at(dayAt + round * ROUND_EVERY_MS + 3 * MINUTE_MS, () => listenRound(week, house));
  if (day < days - 1) planTransfer(week, house, other, day, dayAt);
  planCounts(week, house, day, days, dayAt);
}
