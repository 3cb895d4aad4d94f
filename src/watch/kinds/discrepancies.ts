// Where the books and the building differ, place by place: one alert for all discrepancies of a kind at a read point (or
// location), for as long as one of them is open.
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import { atOnce } from '../periods.ts';
import { pastStays } from './stays.ts';
import type { Finding, Kind, Kinds, Look, Past, Period } from '../finding.ts';

const OPEN = sqlFile(import.meta.url, 'sql/openDiscrepancies.sql');
const PAST = sqlFile(import.meta.url, 'sql/pastDiscrepancies.sql');
const CLOSED = sqlFile(import.meta.url, 'sql/inClosedLocations.sql');

interface Row {
  /** As what it is told, and what it is in the books. */
  readonly kind: string;
  readonly discrepancy: string;
  readonly place: string;
  readonly open: number;
  readonly oldest: number;
  readonly newest: number;
  readonly ids: readonly string[];
  readonly movements: readonly string[];
  readonly messages: readonly string[];
  readonly confidences: readonly number[];
}

/** Kinds of discrepancies with an alert of their own; of the others those that the ledger calls critical. */
const OF_THEIR_OWN = {
  'unexpected-presence': ['unexpected', 'unannounced-return'],
  'missed-exit': ['missed-exit'],
  'missed-entry': ['missed-entry'],
  'negative-balance': ['negative-balance'],
  'wrong-door': ['wrong-door'],
  'wrong-load': ['wrong-load'],
  'unplanned-ship': ['unplanned-ship'],
  'wrong-way': ['wrong-way'],
  'receipt-differs': ['short', 'over', 'wrong-supplier'],
} as const;

/** It is true when one of them is: 1 − Π(1 − c) over the movements behind the newest ones. */
const oneOf = (confidences: readonly number[]): number =>
  confidences.length === 0 ? 1 : 1 - confidences.reduce((none, one) => none * (1 - one), 1);

async function openOnes(
  { database, plan }: Look,
  kinds: readonly string[] | null,
  openMin: number,
  suggestion: string,
): Promise<readonly Finding[]> {
  const { rows } = await database.query<Row & Record<string, unknown>>({
    name: 'watch-discrepancies',
    text: OPEN,
    values: [plan.site, kinds, Object.values(OF_THEIR_OWN).flat(), openMin],
  });
  return rows.map((row) => {
    const where = row.place === '' ? plan.site : row.place;
    const many = row.open === 1 ? '' : `${row.open} open at ${where}, the newest: `;
    return {
      subject: `${row.kind}@${row.place}`,
      confidence: oneOf(row.confidences),
      message: `${many}${row.messages[0]!}`,
      suggestion,
      evidence: {
        discrepancy: row.discrepancy,
        place: row.place === '' ? null : row.place,
        open: row.open,
        oldestAt: formatTime(row.oldest),
        newestAt: formatTime(row.newest),
        discrepancies: row.ids,
        movements: row.movements,
      },
      look: `/v1/discrepancies?site=${encodeURIComponent(plan.site)}&kind=${encodeURIComponent(row.discrepancy)}`,
    };
  });
}

async function pastOnes(
  { database, plan, from, to }: Past,
  kinds: readonly string[] | null,
  openMin: number,
): Promise<readonly Period[]> {
  const { rows } = await database.query<{
    kind: string;
    place: string;
    known_at: number;
    settled_at: number | null;
    message: string;
  }>({
    text: PAST,
    values: [plan.site, kinds, Object.values(OF_THEIR_OWN).flat(), formatTime(from), formatTime(to)],
  });
  const open = rows.map((row) => ({
    subject: `${row.kind}@${row.place}`,
    from: row.known_at,
    to: row.settled_at ?? undefined,
    message: row.message,
  }));
  return atOnce(open, openMin);
}

const ofDiscrepancies = (kinds: readonly string[] | null, suggestion: string): Kind<{ readonly openMin: number }> => ({
  find: (look, { openMin }) => openOnes(look, kinds, openMin, suggestion),
  past: (past, { openMin }) => pastOnes(past, kinds, openMin),
});

const unexpected = ofDiscrepancies(
  OF_THEIR_OWN['unexpected-presence'],
  'Ask at the door what it is. Then announce it, or move it to quality hold, and settle the discrepancy.',
);

export const discrepancyKinds = {
  'unexpected-presence': {
    find: async (look, limits) => [...(await unexpected.find(look, limits)), ...(await inClosed(look, limits.closed))],
    past: async (past, limits) => [
      ...(await unexpected.past(past, limits)),
      ...(await wereInClosed(past, limits.closed)),
    ],
  },
  'missed-exit': ofDiscrepancies(
    OF_THEIR_OWN['missed-exit'],
    'Look by which way it may have left: check the antennas of that door, count the location, then settle it.',
  ),
  'missed-entry': ofDiscrepancies(
    OF_THEIR_OWN['missed-entry'],
    'Look by which way it came in: check the antennas of that door, then settle it.',
  ),
  'negative-balance': ofDiscrepancies(
    OF_THEIR_OWN['negative-balance'],
    'Count the location and correct its stock; the discrepancy settles itself when the balance is right.',
  ),
  'wrong-door': ofDiscrepancies(
    OF_THEIR_OWN['wrong-door'],
    'Bring it back in and to the door of its load, or say that its load leaves through this door.',
  ),
  'wrong-load': ofDiscrepancies(
    OF_THEIR_OWN['wrong-load'],
    'Stop the truck at that door: take it off, or say which load it belongs to.',
  ),
  'unplanned-ship': ofDiscrepancies(
    OF_THEIR_OWN['unplanned-ship'],
    'Stop the truck while it is still at the door: nobody ordered what went out.',
  ),
  'wrong-way': ofDiscrepancies(
    OF_THEIR_OWN['wrong-way'],
    'Look before the truck leaves: a document expects it to go the other way.',
  ),
  'receipt-differs': ofDiscrepancies(
    OF_THEIR_OWN['receipt-differs'],
    'Count the lines that differ again, tell the supplier, and decide whether to keep what is over. What is short stays expected.',
  ),
  'critical-discrepancy': ofDiscrepancies(null, 'Stop the load while it is still at the door, and settle it there.'),
} satisfies Partial<Kinds>;

/** Items that the books have in a location that is closed. */
async function inClosed({ database, plan }: Look, closed: readonly string[]): Promise<readonly Finding[]> {
  if (closed.length === 0) return [];
  const { rows } = await database.query<{
    location: string;
    items: number;
    newest: number;
    epcs: readonly string[];
    confidences: readonly number[];
  }>({ name: 'watch-closed', text: CLOSED, values: [plan.site, closed] });
  return rows.map(({ location, items, newest, epcs, confidences }) => ({
    subject: `closed@${location}`,
    confidence: oneOf(confidences),
    message: `${items === 1 ? 'An item is' : `${items} items are`} in ${location}, where nothing may be.`,
    suggestion: `Look in ${location}: take away what is there, or leave it out of \`closed\`.`,
    evidence: { location, items, newestAt: formatTime(newest), epcs },
    look: `/v1/stock?site=${encodeURIComponent(plan.site)}&location=${encodeURIComponent(location)}`,
  }));
}

async function wereInClosed(past: Past, closed: readonly string[]): Promise<readonly Period[]> {
  const stays = (await pastStays(past, closed, 0, true)).map(({ location, epc, lastedAt, until }) => ({
    subject: `closed@${location}`,
    from: lastedAt,
    to: until,
    message: `${epc} was in ${location}, where nothing may be.`,
  }));
  return atOnce(stays, 1);
}
