// Which line of which document something that came in is of: by EPC, then the logistic unit it came with, then lot, then SKU,
// then by what was expected earliest. On a tie nobody can know, and nobody guesses.
import type { Goods } from '../infer/planner.ts';
import { decodeEpc } from '../wire/epc/decodeEpc.ts';
import { lineOf, remainingOf, type Inbound, type Line } from './inbound.ts';
import type { WorkState } from './work.ts';

export interface Place {
  readonly inbound: Inbound;
  readonly line: Line;
}

export type Match = ({ readonly kind: 'line' } & Place) | { readonly kind: 'tie'; readonly among: readonly string[] };

/** What comes through the same door within this time of a logistic unit came on it. */
const WITH_UNIT_MS = 10_000;

export const isOpen = ({ endedAt }: Inbound): boolean => endedAt === undefined;

/** A person said so, or a document says it: also one that has the very tag already, when its coming is only judged anew. */
export function isAnnounced(work: WorkState, goods: Goods): boolean {
  const { epc } = goods;
  if (work.inbounds.size === 0) return false;
  if (epc !== undefined && (work.wanted.has(epc) || work.index.byTag.has(epc))) return true;
  if (takenBackOf(work, goods) !== undefined) return true;
  return matchOf(work, goods) !== undefined;
}

/** The line that it was counted on before, and with which receipt, if this is the same coming, judged anew. */
export function takenBackOf(
  work: WorkState,
  { epc, at }: Goods,
): { readonly place: Place; readonly receipt: number } | undefined {
  const before = epc === undefined ? undefined : work.takenBack.get(epc);
  if (before === undefined || at < before.from || at > before.until) return undefined;
  const inbound = work.inbounds.get(before.inbound);
  const line = inbound && lineOf(inbound, before.line);
  return line && { place: { inbound, line }, receipt: before.receipt };
}

/** By what a line names something, the most certain first. */
const NAMED_BY = { epc: byEpc, unit: byUnit, lot: byLot, sku: bySku } as const;
export type NamedBy = keyof typeof NAMED_BY;

/** `may` says of a line that names it whether it takes it. */
export function matchOf(
  work: WorkState,
  goods: Goods,
  may: (place: Place, by: NamedBy) => boolean = () => true,
): Match | undefined {
  if (work.inbounds.size === 0) return undefined;
  for (const by of Object.keys(NAMED_BY) as NamedBy[]) {
    const candidates = NAMED_BY[by](work, goods).filter((place) => may(place, by));
    if (candidates.length > 0) return likeliest(candidates, goods);
  }
  return undefined;
}

/** The serial shipping container code of a container's tag. */
export function ssccOf(epc: string | undefined): string | undefined {
  if (epc === undefined || epc === '') return undefined;
  const decoded = decodeEpc(epc);
  return decoded.kind === 'gs1' ? decoded.sscc18 : undefined;
}

function placesOf(
  work: WorkState,
  ids: ReadonlySet<string> | undefined,
  isMeant: (line: Line, inbound: Inbound) => boolean,
): Place[] {
  const places: Place[] = [];
  for (const id of ids ?? []) {
    const inbound = work.inbounds.get(id)!;
    if (!isOpen(inbound)) continue;
    for (const line of inbound.lines) if (isMeant(line, inbound)) places.push({ inbound, line });
  }
  return places;
}

function byEpc(work: WorkState, { epc }: Goods): Place[] {
  if (epc === undefined) return [];
  return placesOf(work, work.index.byEpc.get(epc), (line, { tags }) => line.epcs.has(epc) && !tags.has(epc));
}

/** A line whose list names everything takes nothing else. */
export const isListOpen = ({ epcs, quantity }: Line): boolean => epcs.size < quantity;

/** The unit's own tag, or what came on it: inside it for the books, or through the same door at the same time. */
function byUnit(work: WorkState, { epc, sku, container, readPoint, at }: Goods): Place[] {
  if (work.index.bySscc.size === 0) return [];
  const own = ssccOf(epc);
  if (own !== undefined)
    return placesOf(work, work.index.bySscc.get(own), ({ sscc, counts }) => counts === 'units' && sscc.has(own));
  const inside = ssccOf(container);
  const beside = work.units
    .filter((unit) => unit.readPoint === readPoint && Math.abs(unit.at - at) <= WITH_UNIT_MS)
    .map(({ sscc }) => sscc);
  const units = inside === undefined ? beside : [inside];
  return units.flatMap((unit) =>
    placesOf(
      work,
      work.index.bySscc.get(unit),
      (line) => line.sscc.has(unit) && line.sku !== undefined && line.sku === sku && isListOpen(line),
    ),
  );
}

function byLot(work: WorkState, { sku, lot }: Goods): Place[] {
  if (sku === undefined || lot === '') return [];
  return placesOf(work, work.index.bySku.get(sku), (line) => line.sku === sku && line.lot === lot && isListOpen(line));
}

function bySku(work: WorkState, { sku, lot }: Goods): Place[] {
  if (sku === undefined) return [];
  return placesOf(
    work,
    work.index.bySku.get(sku),
    (line) => line.sku === sku && (line.lot === '' || lot === '') && isListOpen(line),
  );
}

/** Of several lines: one that still waits, at the door where its truck stands, the earliest expected. */
function likeliest(all: readonly Place[], { readPoint }: Goods): Match {
  // A ship notice stands for the orders that it names.
  const named = new Set(all.flatMap(({ line }) => (line.order === undefined ? [] : [line.order.inbound])));
  let places = narrowed(all, ({ inbound }) => inbound.document === 'notice' || !named.has(inbound.id));
  places = narrowed(places, ({ line }) => remainingOf(line) > 0);
  places = narrowed(places, ({ inbound }) => inbound.receipt !== undefined && inbound.receipt.door === readPoint);
  const earliest = Math.min(...places.map(({ inbound }) => inbound.expectedFrom ?? Number.POSITIVE_INFINITY));
  places = places.filter(({ inbound }) => (inbound.expectedFrom ?? Number.POSITIVE_INFINITY) === earliest);
  const ids = [...new Set(places.map(({ inbound }) => inbound.id))];
  return ids.length === 1 ? { kind: 'line', ...places[0]! } : { kind: 'tie', among: ids.sort() };
}

const narrowed = (places: readonly Place[], by: (place: Place) => boolean): readonly Place[] => {
  const kept = places.filter((place) => by(place));
  return kept.length === 0 ? places : kept;
};

/** The line of a purchase order that a line of a notice serves. */
export function servedBy(work: WorkState, { order, sku }: Line): Place | undefined {
  const inbound = order === undefined ? undefined : work.inbounds.get(order.inbound);
  if (inbound?.document !== 'order') return undefined;
  const line = order!.line === undefined ? inbound.lines.find((one) => one.sku === sku) : lineOf(inbound, order!.line);
  return line && { inbound, line };
}
