// Antennas under the roof, which listen for a minute at a time, and the one above the bench, which listens while something is packed.
import type { Epc } from '../../src/wire/entries.ts';
import type { RadioRead } from '../radio/radio.ts';
import type { Body } from '../radio/tags.ts';
import { restingAt } from '../radio/track.ts';
import { bodyOf, type House } from './house.ts';
import { BENCH } from './sites.ts';
import type { Week } from './week.ts';

const ROUND_MS = 60_000;
/** What a zone hears of what was scanned elsewhere is counted in pieces of so long. */
const PIECE_MS = 5000;
/** What is put onto a bench lies there a moment later. */
const PUT_DOWN_MS = 3000;

/** The antennas under the roof listen for a minute. */
export function listenRound(week: Week, house: House): void {
  const { plant, truth } = week;
  const { plan } = plant.site(house.site);
  const from = week.now();
  const bodies: Body[] = [];
  for (const { id, in: zone } of plan.locations.values()) {
    if (zone !== 'B' && zone !== 'C') continue;
    const epcs = truth.unitsAt(house.site, id).map(({ epc }) => epc);
    const place = house.geometry.places.get(id)!;
    if (epcs.length > 0) bodies.push(bodyOf(week, house, id, epcs, restingAt(place, 0)));
  }
  const reads = house.roofs.reads(from, from + ROUND_MS, bodies);
  plant.hear(house.site, reads);
  week.at(from + ROUND_MS, () => noteHeard(week, house, reads));
}

/** What lies in another zone than was scanned is heard there, round by round. */
function noteHeard({ truth }: Week, { site }: House, reads: readonly RadioRead[]): void {
  for (const [epc, pieces] of piecesOf(reads)) {
    const unit = truth.units.get(epc);
    if (unit?.unseen !== undefined && unit.spot?.site === site) unit.heard += pieces;
  }
}

/** The antenna of the bench listens to what lies on it, for a while. In how many pieces of that it heard each tag. */
export function listenAtBench(week: Week, house: House, epcs: readonly Epc[], forMs: number): Map<Epc, number> {
  const from = week.now() + PUT_DOWN_MS;
  const place = house.geometry.places.get(BENCH)!;
  const body = bodyOf(week, house, `bench ${from}`, epcs, restingAt({ x: place.x + 0.3, y: place.y }, 0));
  const reads = house.bench.reads(from, from + forMs, [body]);
  week.plant.hear(house.site, reads);
  return piecesOf(reads);
}

/** In how many pieces of time each tag was heard. */
function piecesOf(reads: readonly RadioRead[]): Map<Epc, number> {
  const heard = new Map<Epc, Set<number>>();
  for (const { epc, seenAt } of reads) {
    const known = heard.get(epc) ?? new Set();
    known.add(Math.floor(seenAt / PIECE_MS));
    heard.set(epc, known);
  }
  return new Map([...heard].map(([epc, pieces]) => [epc, pieces.size]));
}
