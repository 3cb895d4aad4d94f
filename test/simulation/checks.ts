// What must hold after every schedule, whatever went wrong in it.
import { deriveEnd, deriveRow, openMachine, type SiteMachine } from '../../src/derive.ts';
import { planSite } from '../../src/config/plan.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { digest64 } from '../../src/kit/ids.ts';
import { createLog } from '../../src/kit/log.ts';
import type { Pool } from '../../src/store/database.ts';
import type { Row } from '../../src/wire/row.ts';
import { openLedger, type TestLedger } from '../support/storiesLedger.ts';
import type { Made } from './gateway.ts';
import { statementOf } from './statements.ts';
import { isKept, SITE, type Store } from './store.ts';

const ROWS_MAX = 1_000_000;
const EXAMPLES = 3;

/** Every row of the journal, as the service reads them. */
function rowsOf(store: Store): Promise<Row[]> {
  const query = ({ name, text, values }: { name?: string; text: string; values: unknown[] }) =>
    Promise.resolve(statementOf(name, text).run(store, values));
  return openJournal({ query } as unknown as Pool, createLog({ style: 'silent' })).read(SITE, 0, ROWS_MAX);
}

export interface Verdict {
  /** What is wrong, one line each. */
  readonly breaches: readonly string[];
  /** What has moved in the end, however it was found out; everything open is closed. */
  readonly movements: readonly string[];
}

/** Asks everything of a store in which the ledger has come as far as the journal. */
export async function judge(store: Store, made: readonly Made[]): Promise<Verdict> {
  const ledger = openLedger();
  const machine = openMachine(planSite({ file: { site: SITE } }));
  const rows = await rowsOf(store);
  const breaches = [...journalBreaches(store, made), ...ledgerBreaches(store, rows, machine, ledger)];
  ledger.take(deriveEnd(machine));
  ledger.check(machine);
  const movements = ledger
    .movements()
    .map(({ epc, type, from, to, container, happenedAt, postings }) =>
      JSON.stringify([epc, type, from, to, container, happenedAt, postings]),
    );
  return { breaches, movements: movements.toSorted() };
}

function journalBreaches(store: Store, made: readonly Made[]): string[] {
  const found: string[] = [];
  const places = new Map<string, number>();
  for (const [index, row] of store.journal.entries()) {
    if (row.journal_offset !== index + 1)
      found.push(`row ${index + 1} of the journal has offset ${row.journal_offset}`);
    if (index > 0 && row.received_at < store.journal[index - 1]!.received_at)
      found.push(`the time of the journal falls at offset ${row.journal_offset}`);
    const key = `${row.stream} ${row.seq}`;
    if (places.has(key)) found.push(`offsets ${places.get(key)} and ${row.journal_offset} are the same message`);
    places.set(key, row.journal_offset);
  }
  for (const { gateway, epoch, seq, bytes, isAcknowledged } of made) {
    if (!isAcknowledged) continue;
    const stream = store.streams.find((each) => each.gateway === gateway && each.epoch === epoch);
    const key = `${stream?.number} ${seq}`;
    if (!places.has(key)) found.push(`${epoch} ${seq} was acknowledged and is not in the journal`);
    else if (store.deliveries.get(key) !== String(digest64(bytes)))
      found.push(`${epoch} ${seq} is in the journal with other bytes`);
  }
  return found;
}

function ledgerBreaches(store: Store, rows: readonly Row[], machine: SiteMachine, ledger: TestLedger): string[] {
  const expected = new Map<string, string>();
  for (const row of rows) {
    const effects = deriveRow(machine, row);
    ledger.take(effects);
    for (const [ordinal, { id, type, epc, from, to, happenedAt }] of effects.transactions.entries())
      expected.set(id, JSON.stringify([row.offset, ordinal, type, epc ?? null, from, to, happenedAt]));
  }
  ledger.check(machine);
  const posted = new Map(
    [...store.transactions.values()].map(({ id, offset, ordinal, content }) => {
      const [happenedAt, type, , , epc, , , , , , from, to] = JSON.parse(content) as unknown[];
      return [id, JSON.stringify([offset, ordinal, type, epc, from, to, happenedAt])] as const;
    }),
  );
  return [
    ...differences('transaction', posted, expected),
    ...differences('balance', store.balances, ledger.balances()),
    ...differences('passage', columnsOf(store.passages, [0, 1, 8]), passagesOf(ledger)),
    ...differences('item', columnsOf(store.items, [0, 5, 6, 7, 12]), itemsOf(ledger)),
  ];
}

const columnsOf = (table: ReadonlyMap<string, string>, columns: readonly number[]): Map<string, string> =>
  new Map(
    [...table].map(([key, row]) => {
      const values = JSON.parse(row) as unknown[];
      return [key, JSON.stringify(columns.map((column) => values[column]))] as const;
    }),
  );
const passagesOf = ({ passages }: TestLedger): Map<string, string> =>
  new Map([...passages].map(([id, { revision, outcome }]) => [id, JSON.stringify([id, revision, outcome])] as const));
const itemsOf = ({ items }: TestLedger): Map<string, string> =>
  new Map(
    [...items].map(([epc, { location, container, status, transaction }]) => [
      epc,
      JSON.stringify([epc, location, container, status, transaction ?? null]),
    ]),
  );

function differences<T>(what: string, held: ReadonlyMap<string, T>, derived: ReadonlyMap<string, T>): string[] {
  const keys = [...new Set([...held.keys(), ...derived.keys()])].filter((key) => held.get(key) !== derived.get(key));
  const told = keys
    .slice(0, EXAMPLES)
    .map(
      (key) => `${what} ${key}: the ledger has ${String(held.get(key))}, the journal says ${String(derived.get(key))}`,
    );
  return keys.length > EXAMPLES ? [...told, `and ${keys.length - EXAMPLES} more of ${what}`] : told;
}

/** Envelopes that a lost outbox took with it. */
export const lostOf = (store: Store, made: readonly Made[]): number =>
  made.filter(({ gateway, epoch, seq }) => !isKept(store, gateway, epoch, seq)).length;
