// The doubts of a site: of every item with a tag that the books have under a zone, how likely it is that it is not there. Hour by hour
// of event time each of them is held against whom its zone heard; nothing is asked of the way of a read. A pure fold over settled
// hours and over what people say; what becomes of it are effects of the row that ended the hour.
import { isWithin, type PlacePlan, type SitePlan } from '../../config/plan.ts';
import { inSteps, type Steps } from '../../kit/steps.ts';
import type { Book } from '../book.ts';
import type { KnownItem } from '../items.ts';
import { tagsOf } from '../rows.ts';
import { ADJUSTMENT } from '../transactions.ts';
import type { ZoneState } from '../zones.ts';
import {
  believeAnew,
  believePutDown,
  believeThere,
  expectHour,
  goneOf,
  openLore,
  passHour,
  SWEEP_SAYS,
  weighGone,
  type Lore,
} from './belief.ts';
import { endDoubt, follow, type Doubt, type DoubtEnd } from './doubt.ts';
import { antennaOf, binsOf, HOUR_MS, type Hour } from './hours.ts';
import {
  ANTENNA,
  forgetAntennas,
  HEARD,
  HEARD_AT,
  HOURS,
  IS_KNOWN,
  isKnown,
  letGo,
  openKept,
  PLACED_AT,
  placesOf,
  SHORT_PICKS,
  SILENT_HOURS,
  SWEEPS,
  type Kept,
} from './kept.ts';
import { forgetUsual, learnUsual, weightOf, type Usual } from './weights.ts';

const ANSWERS_OF_HOURS = 336;

export interface Doubts {
  readonly kept: Kept;
  lore: Lore;
  usual: Usual;
  /** Hours before this one have passed; undefined before the first. */
  passedTo: number | undefined;
  /** By EPC. */
  readonly open: Map<string, Doubt>;
  /** What has changed since it was last told. */
  told: Doubt[];
}

/** After a longer time without hours nothing was heard that could tell anything. */
const HOURS_MOST = 72;
/** So many times likelier it is then that the item is not there than that the picker overlooked it. */
const SHORT_PICK_SAYS = 10;

export const openDoubts = (): Doubts => ({
  kept: openKept(),
  lore: openLore(),
  usual: new Map(),
  passedTo: undefined,
  open: new Map(),
  told: [],
});

/** What doubts look at. */
export interface Around {
  readonly plan: SitePlan;
  readonly book: Book;
  readonly zones: ZoneState;
  readonly tagOf: (epc: string) => number | undefined;
}

/** Event time of zones has come so far: hours that are over, and can change no more, are held against the books. */
export function* passHours(doubts: Doubts, around: Around): Steps<void> {
  const { zones, plan } = around;
  const settledTo = settledHour(zones, plan);
  if (!Number.isFinite(settledTo)) return;
  doubts.passedTo ??= settledTo;
  const from = Math.max(doubts.passedTo, settledTo - HOURS_MOST);
  for (let number = from; number < settledTo; number++) yield* passOne(doubts, around, number);
  doubts.passedTo = Math.max(doubts.passedTo, settledTo);
  for (const number of zones.hours.keys()) if (number < doubts.passedTo) zones.hours.delete(number);
}

/** Hours before this one can change no more. */
export const settledHour = ({ completeTo }: ZoneState, { rules }: SitePlan): number =>
  Math.floor(((completeTo + 1 - Math.ceil(rules.lateMs / rules.zone.binMs)) * rules.zone.binMs) / HOUR_MS);

export const isHourDue = ({ passedTo }: Doubts, zones: ZoneState, plan: SitePlan): boolean => {
  const settledTo = settledHour(zones, plan);
  return Number.isFinite(settledTo) && (passedTo === undefined || settledTo > passedTo);
};

function* passOne(doubts: Doubts, around: Around, number: number): Steps<void> {
  const { plan, book, zones, tagOf } = around;
  const { kept, lore, usual } = doubts;
  const hour = zones.hours.get(number);
  const expected = expectHour(lore);
  const zoneOf = coverage(plan);
  const endsAt = (number + 1) * HOUR_MS;
  const covered = new Set<number>();
  const items = book.items.values((location) => zoneOf(location) !== undefined);
  yield* inSteps(items, ITEMS_A_STEP, (item) => {
    const tag = tagOf(item.epc);
    const zone = item.state.inBooks ? zoneOf(item.state.location) : undefined;
    if (tag === undefined || zone === undefined) return;
    covered.add(tag);
    if (placedAtOf(item) >= endsAt) return;
    place(doubts, item, tag, endsAt);
    const { row, belief } = placesOf(kept, tag);
    const { numbers } = kept.known;
    const bins = binsOf(hour, tag);
    const isWhole = numbers[row + PLACED_AT]! <= number * HOUR_MS;
    const weight = isWhole ? weightOf(usual, hour, plan, zone, numbers[row + ANTENNA]! - 1) : 0;
    passHour(kept.beliefs, belief, bins, bins > 0 ? 4 : weight, expected, lore);
    note(numbers, row, tag, hour, weight, endsAt);
    // Heard since, or seen by something else, it is there, whatever this hour says.
    const seenAt = Math.max(item.seenAt, heardAt(around, tag));
    if (bins === 0 && seenAt >= number * HOUR_MS) hearAt(doubts, tag, seenAt);
    tell(doubts, plan, item, tag, zone, endsAt, 'heard');
  });
  leaveAllBut(doubts, around, covered, endsAt);
  learnUsual(usual, hour);
}

/** All that lies under zones, which may be a hundred thousand. */
const ITEMS_A_STEP = 256;

/** The books have all others nowhere under a zone any more. */
function leaveAllBut({ kept, open, told }: Doubts, { book, tagOf }: Around, covered: Set<number>, at: number): void {
  for (const [epc, doubt] of open) {
    const item = covered.has(tagOf(epc) ?? NO_TAG) ? undefined : book.items.get(epc);
    if (item === undefined) continue;
    open.delete(epc);
    told.push(endDoubt(doubt, goneTo(item), at));
  }
  for (const tag of tagsOf(kept.known)) if (!covered.has(tag)) letGo(kept, tag);
}

const NO_TAG = -1;
const goneTo = ({ state }: KnownItem): DoubtEnd => (state.location === ADJUSTMENT ? 'missing' : 'moved');

const heardAt = ({ zones, plan }: Around, tag: number): number =>
  (zones.tags.get(tag)?.belief.bin ?? Number.NEGATIVE_INFINITY) * plan.rules.zone.binMs;

/** What the books say of where it is, since when. */
const placedAtOf = ({ state }: KnownItem): number => state.lastMove?.at ?? state.since;

function note(
  known: Float64Array,
  row: number,
  tag: number,
  hour: Hour | undefined,
  weight: number,
  endsAt: number,
): void {
  if (binsOf(hour, tag) === 0) {
    if (weight > 0) known[row + SILENT_HOURS] = known[row + SILENT_HOURS]! + 1;
    return;
  }
  known[row + ANTENNA] = antennaOf(hour, tag)! + 1;
  known[row + HEARD_AT] = endsAt - HOUR_MS;
  const hours = known[row + HOURS]! + known[row + SILENT_HOURS]! + 1;
  const kept = Math.min(1, ANSWERS_OF_HOURS / hours);
  known[row + HOURS] = hours * kept;
  known[row + HEARD] = (known[row + HEARD]! + 1) * kept;
  forget(known, row);
}

function forget(known: Float64Array, row: number): void {
  known[row + SILENT_HOURS] = 0;
  known[row + SWEEPS] = 0;
  known[row + SHORT_PICKS] = 0;
}

/** The books have it at a place under a zone. What they have moved is believed to be there. */
function place(doubts: Doubts, item: KnownItem, tag: number, at: number): void {
  const { row, belief } = placesOf(doubts.kept, tag);
  const { beliefs, known: rows } = doubts.kept;
  const known = rows.numbers;
  const placedAt = placedAtOf(item);
  if (known[row + IS_KNOWN] === 1 && known[row + PLACED_AT] === placedAt) return;
  if (known[row + IS_KNOWN] === 1) believePutDown(beliefs, belief);
  else believeAnew(beliefs, belief);
  known[row + IS_KNOWN] = 1;
  known[row + PLACED_AT] = placedAt;
  known[row + HEARD_AT] = placedAt;
  known[row + ANTENNA] = 0;
  forget(known, row);
  close(doubts, item.epc, 'moved', at);
}

/** It was heard, or seen, at `at` (ms). */
function hearAt(doubts: Doubts, tag: number, at: number): void {
  const { row, belief } = placesOf(doubts.kept, tag);
  const { beliefs, known } = doubts.kept;
  believeThere(beliefs, belief);
  known.numbers[row + HEARD_AT] = Math.max(known.numbers[row + HEARD_AT]!, at);
  forget(known.numbers, row);
}

function close(doubts: Doubts, epc: string, end: DoubtEnd, at: number): void {
  const open = doubts.open.get(epc);
  if (open === undefined) return;
  doubts.open.delete(epc);
  doubts.told.push(endDoubt(open, end, at));
}

function tell(
  doubts: Doubts,
  { site }: SitePlan,
  { epc, state: { sku, location } }: KnownItem,
  tag: number,
  zone: PlacePlan,
  at: number,
  end: DoubtEnd,
): void {
  const { row, belief } = placesOf(doubts.kept, tag);
  const known = doubts.kept.known.numbers;
  const probability = goneOf(doubts.kept.beliefs, belief);
  const open = doubts.open.get(epc);
  if (open !== undefined && known[row + HEARD_AT]! > open.evidence.heardAt) {
    close(doubts, epc, end, at);
    return;
  }
  const evidence = {
    heardAt: known[row + HEARD_AT]!,
    silentHours: known[row + SILENT_HOURS]!,
    answers: Math.round((100 * known[row + HEARD]!) / Math.max(1, known[row + HOURS]!)) / 100,
    sweeps: known[row + SWEEPS]!,
    shortPicks: known[row + SHORT_PICKS]!,
  };
  const next = follow(site, open, { epc, sku, location, zone: zone.id, probability, evidence }, at);
  if (next === undefined) return;
  doubts.told.push(next);
  if (next.closedAt === undefined) doubts.open.set(epc, next);
  else doubts.open.delete(epc);
}

/** Zones have heard a tag just now: what is doubted of it is over, before its hour is. */
export function noteHeard(doubts: Doubts, epc: string, tag: number, at: number): void {
  if (!doubts.open.has(epc)) return;
  hearAt(doubts, tag, at);
  close(doubts, epc, 'heard', at);
}

/** Something was posted of items: what they are doubted for where they are not any more is over. */
export function noteMoved(doubts: Doubts, around: Around, epcs: Iterable<string>, at: number): void {
  if (doubts.open.size === 0) return;
  for (const epc of epcs) {
    const open = doubts.open.get(epc);
    const item = open === undefined ? undefined : around.book.items.get(epc);
    if (item === undefined) continue;
    if (item.state.inBooks && item.state.location === open!.location) continue;
    close(doubts, epc, goneTo(item), at);
  }
}

/** A person has seen the item. */
export function noteFound(doubts: Doubts, { tagOf }: Around, epc: string, at: number): void {
  const tag = tagOf(epc);
  if (tag !== undefined && isKnown(doubts.kept, tag)) hearAt(doubts, tag, at);
  close(doubts, epc, 'found', at);
}

/** A sweep of where the item should be did not find it, or a picker found less than should be there. How likely it is now that it is not there. */
export function noteNotFound(
  doubts: Doubts,
  around: Around,
  item: KnownItem,
  by: 'sweep' | 'pick',
  at: number,
): number {
  const tag = around.tagOf(item.epc);
  const zone = coverage(around.plan)(item.state.location);
  if (tag === undefined || zone === undefined) return 0;
  place(doubts, item, tag, at);
  const { row, belief } = placesOf(doubts.kept, tag);
  const { beliefs, known } = doubts.kept;
  const column = by === 'sweep' ? SWEEPS : SHORT_PICKS;
  // What is heard just now was overlooked.
  const isHeard = heardAt(around, tag) > at - HOUR_MS;
  if (!isHeard) weighGone(beliefs, belief, by === 'sweep' ? SWEEP_SAYS : SHORT_PICK_SAYS);
  known.numbers[row + column] = known.numbers[row + column]! + 1;
  tell(doubts, around.plan, item, tag, zone, at, 'heard');
  return goneOf(doubts.kept.beliefs, belief);
}

/** Another site file is in force: what is known of tags stays, antennas have other numbers. */
export function replanDoubts(doubts: Doubts, zones: ZoneState): void {
  forgetUsual(doubts.usual);
  for (const { antennas } of zones.hours.values()) antennas.clear();
  forgetAntennas(doubts.kept);
}

/** The zone that should hear what lies at a location, the closest one around it. */
function coverage(plan: SitePlan): (location: string) => PlacePlan | undefined {
  const known = new Map<string, PlacePlan | undefined>();
  const zones = plan.places.filter(({ kind }) => kind === 'zone');
  return (location) => {
    if (!known.has(location)) {
      const around = zones.filter((zone) => isWithin(plan, location, zone.location));
      known.set(
        location,
        around.find((zone) => around.every((other) => isWithin(plan, zone.location, other.location))),
      );
    }
    return known.get(location);
  };
}
