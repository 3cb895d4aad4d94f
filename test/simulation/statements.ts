// What each statement of the service does to the simulated Postgres: as the SQL says that stands beside it in src. A statement that
// is not known here is loud. What a statement changes is put off to its commit; the row locks that it takes are named, and the
// server holds them until then.
import { append, appendFresh } from './append.ts';
import { NOTHING, type Answer, type Statement } from './statement.ts';
import { SITE, type Store } from './store.ts';

const rowsOf = (values: readonly unknown[], from: number, to: number): unknown[][] => {
  const columns = values.slice(from, to) as unknown[][];
  return columns[0]!.map((_, index) => columns.map((column) => column[index]));
};

/** By the name of the statement, else by the first words of its text. */
const STATEMENTS: readonly (readonly [begins: string, statement: Statement])[] = [
  ['append-fresh', { lock: 'head', run: appendFresh }],
  ['append-journal', { lock: 'head', run: append }],
  ['quarantine', { run: quarantine }],
  ['read-journal', { run: readJournal }],
  ['select ensure_partition(', { run: () => ({ rows: [{ made: false }] }) }],
  ['select ensure_stream(', { lock: 'head', run: ensureStream }],
  ['select next_offset from journal_head', { run: ({ head }) => ({ rows: head ? [{ next_offset: head.next }] : [] }) }],
  ['select site from journal_head', { run: ({ head }) => ({ rows: head ? [{ site: SITE }] : [] }) }],
  [
    'select site, next_offset from journal_head',
    { run: ({ head }) => ({ rows: head ? [{ site: SITE, next_offset: head.next }] : [] }) },
  ],
  ['insert into cursor', { run: (store) => ({ apply: () => (store.cursor ??= 0) }) }],
  ['select journal_offset from cursor', { run: (store) => ({ rows: [{ journal_offset: store.cursor ?? 0 }] }) }],
  ['select summed_offset from cursor', { run: () => NOTHING }],
  ['advance-cursor', { lock: 'cursor', run: advanceCursor }],
  ['post-transactions', { run: postTransactions }],
  ['select id, journal_offset from transaction', { run: selectTransactions }],
  ['add-flows', { run: () => NOTHING }],
  ['docked-inbounds', { run: () => NOTHING }],
  ['sum-receipts', { run: () => NOTHING }],
  ['newest-mark', { run: () => ({ rows: [{ is_late: null }] }) }],
  ['change-balances', { run: changeBalances }],
  ['put-items', { run: (store, values) => put(store.items, rowsOf(values, 1, 15)) }],
  ['put-passages', { run: (store, values) => put(store.passages, rowsOf(values, 1, 17)) }],
  ['put-configuration', { run: putConfiguration }],
  ['put-snapshot-parts', { run: putParts }],
  ['drop-snapshot-parts', { run: dropParts }],
  ['drop-core-pieces', { run: dropPieces }],
  ['put-', { run: () => NOTHING }],
  ['open-discrepancies', { run: () => NOTHING }],
  ['settle-discrepancies', { run: () => NOTHING }],
  ['insert into snapshot ', { run: putSnapshot }],
  ['insert into decider_since', { run: () => NOTHING }],
  [
    'select journal_offset, decider, shape from snapshot',
    { run: (store) => ({ rows: store.snapshot ? [store.snapshot] : [] }) },
  ],
  ['select key, content from snapshot_part', { run: selectParts }],
  ['select coalesce(max(journal_offset), 0) >', { run: () => ({ rows: [{ lacks: false }] }) }],
  ['select source from configuration', { run: selectConfiguration }],
  ['select chain_next(', { run: () => ({ rows: [{ count: null }] }) }],
  ['select pg_notify(', { run: () => NOTHING }],
  ['listen ', { run: () => NOTHING }],
];

/** Throws for what the simulation does not know. */
export function statementOf(name: string | undefined, text: string): Statement {
  const known = STATEMENTS.find(([begins]) => (name ?? text).startsWith(begins));
  if (known === undefined)
    throw new Error(`test/simulation/statements.ts does not know this statement: ${name ?? text}`);
  return known[1];
}

function ensureStream(store: Store, [, gateway, epoch, counts]: readonly unknown[]): Answer {
  const known = store.streams.find((each) => each.gateway === gateway && each.epoch === epoch);
  if (known !== undefined) return { rows: [{ stream: known.number }] };
  const number = store.streams.length + 1;
  const received = counts === true ? new Set<number>() : undefined;
  const stream = { number, gateway: String(gateway), epoch: String(epoch), received, through: 0 };
  return {
    rows: [{ stream: number }],
    apply: () => {
      store.head ??= { next: 1, receivedAt: Number.NEGATIVE_INFINITY };
      store.streams.push(stream);
    },
  };
}

function quarantine(store: Store, values: readonly unknown[]): Answer {
  const kept = rowsOf(values, 0, 11).map((row) => ({
    code: String(row[6]),
    gateway: row[3] as string | null,
    seq: row[5] as number | null,
  }));
  return { apply: () => store.quarantine.push(...kept) };
}

function readJournal({ journal, streams }: Store, [, after, limit]: readonly unknown[]): Answer {
  const rows = journal.slice(Number(after), Number(after) + Number(limit));
  return { rows: rows.map((row) => ({ site: SITE, gateway: streams[row.stream - 1]!.gateway, ...row })) };
}

function advanceCursor(store: Store, [, from, to]: readonly unknown[]): Answer {
  if (store.cursor !== from) return { rowCount: 0 };
  return { rowCount: 1, apply: () => (store.cursor = Number(to)) };
}

function postTransactions(store: Store, values: readonly unknown[]): Answer {
  const posted = rowsOf(values, 2, 23).map(([id, happenedAt, offset, ordinal, ...rest]) => ({
    id: String(id),
    offset: Number(offset),
    ordinal: Number(ordinal),
    content: JSON.stringify([happenedAt, ...rest]),
  }));
  for (const { id } of posted) {
    if (store.transactions.has(id))
      throw Object.assign(new Error(`transaction ${id} is there already`), { code: '23505' });
  }
  return {
    rowCount: posted.length,
    apply: () => {
      for (const one of posted) store.transactions.set(one.id, one);
    },
  };
}

function selectTransactions(store: Store, [, after, to]: readonly unknown[]): Answer {
  const found = [...store.transactions.values()].filter(({ offset }) => offset > Number(after) && offset <= Number(to));
  found.sort((a, b) => a.offset - b.offset || a.ordinal - b.ordinal);
  return { rows: found.map(({ id, offset }) => ({ id, journal_offset: offset })) };
}

function changeBalances(store: Store, values: readonly unknown[]): Answer {
  const changes = rowsOf(values, 1, 8);
  return {
    apply: () => {
      for (const [sku, location, container, lot, owner, status, change] of changes) {
        const key = [sku, lot, owner, `${String(location)}|${String(container)}|${String(status)}`].join('|');
        const sum = (store.balances.get(key) ?? 0) + Number(change);
        if (sum === 0) store.balances.delete(key);
        else store.balances.set(key, sum);
      }
    },
  };
}

const put = (table: Map<string, string>, rows: readonly unknown[][]): Answer => ({
  apply: () => {
    for (const row of rows) table.set(String(row[0]), JSON.stringify(row));
  },
});

function putConfiguration(store: Store, [, offset, , actor, source]: readonly unknown[]): Answer {
  const one = { actor: String(actor), source: JSON.parse(String(source)) as unknown, offset: Number(offset) };
  return { apply: () => store.configurations.push(one) };
}

function selectConfiguration({ configurations }: Store, [, actor]: readonly unknown[]): Answer {
  const last = configurations.findLast((each) => each.actor === actor);
  return { rows: last === undefined ? [] : [{ source: last.source }] };
}

function putParts(store: Store, [, parts, keys, contents]: readonly unknown[]): Answer {
  return {
    apply: () => {
      for (const [index, part] of (parts as string[]).entries()) {
        const table = store.parts.get(part) ?? new Map<string, Buffer>();
        store.parts.set(part, table.set((keys as string[])[index]!, Buffer.from((contents as Buffer[])[index]!)));
      }
    },
  };
}

function dropParts(store: Store, [, parts, keys]: readonly unknown[]): Answer {
  return {
    apply: () => {
      for (const [index, part] of (parts as string[]).entries())
        store.parts.get(part)?.delete((keys as string[])[index]!);
    },
  };
}

function dropPieces(store: Store, [, last]: readonly unknown[]): Answer {
  return {
    apply: () => {
      const core = store.parts.get('core');
      for (const key of core?.keys() ?? []) if (key > (last as string)) core!.delete(key);
    },
  };
}

function selectParts({ parts }: Store, [, part, after, limit]: readonly unknown[]): Answer {
  const of = [...(parts.get(part as string) ?? [])];
  const found = of
    .filter(([key]) => after === null || key > (after as string))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  // Bytes of its own for each who asks: what is deserialized of them may lie in them, and is written to.
  return { rows: found.slice(0, limit as number).map(([key, content]) => ({ key, content: Buffer.from(content) })) };
}

function putSnapshot(store: Store, [, offset, decider, shape]: readonly unknown[]): Answer {
  if ((store.snapshot?.journal_offset ?? 0) > Number(offset)) return NOTHING;
  return {
    rowCount: 1,
    apply: () => {
      store.snapshot = { journal_offset: Number(offset), decider: Number(decider), shape: Number(shape) };
      store.takenSnapshots.push(Number(offset));
    },
  };
}
