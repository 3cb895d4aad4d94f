// The wiring of the stage that thinks: one in, one out, in order, each row by the machine of its own site.
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { deriveRow, openMachine, type SiteMachine } from '../../src/derive.ts';
import { TRIM_EVERY_ROWS } from '../../src/infer/infer.ts';
import { derive } from '../../src/deriveStage.ts';
import type { Row } from '../../src/wire/row.ts';
import { formatTime } from '../../src/wire/time.ts';
import { crossing, entriesOf, epcOf, smallPlan } from '../support/sites.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const DAY_MS = 86_400_000;

const run = (play: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(play);

/** A pallet comes in at one site and goes out at the other; then silence until both are decided. */
function rowsOf(site: string, direction: 'in' | 'out'): Row[] {
  const reads = crossing([epcOf(1), epcOf(2)], direction, NOON);
  const placed = { site, gateway: 'gw', kind: 'entries' as const };
  const half = reads.length / 2;
  return [
    { ...placed, offset: 1, receivedAt: NOON, sentAt: NOON, entries: entriesOf(reads.slice(0, half)) },
    { ...placed, offset: 2, receivedAt: NOON + 4000, sentAt: NOON + 4000, entries: entriesOf(reads.slice(half)) },
    { kind: 'tick', site, offset: 3, receivedAt: NOON + 30_000 },
  ];
}

const machines = (): Map<string, SiteMachine> =>
  new Map(['S', 'T'].map((site) => [site, openMachine(smallPlan(site))]));

describe('the stage that thinks', () => {
  it('gives what the machines give, row by row, batch by batch, at once', () => {
    const [live, alone] = [machines(), machines()];
    const [s1, s2, s3] = rowsOf('S', 'in');
    const [t1, t2, t3] = rowsOf('T', 'out');
    const batches = { a: [s1!, t1!], b: [s2!], c: [t2!, s3!, t3!] };
    const effects = Object.fromEntries(
      Object.entries(batches).map(([name, rows]) => [name, rows.map((row) => deriveRow(alone.get(row.site)!, row))]),
    );
    const moves = effects['c']!.flatMap(({ site, transactions }) => transactions.map(({ type }) => `${site} ${type}`));
    expect(new Set(moves)).toEqual(new Set(['S receive', 'T ship']));
    run(({ hot, expectObservable }) => {
      const out$ = hot<readonly Row[]>('-a-bc|', batches).pipe(derive((site) => live.get(site)!));
      expectObservable(out$).toBe('-a-bc|', effects);
    });
    expect([...live.values()].map(({ offset }) => offset)).toEqual([3, 3]);
  });

  it('decides a row by what is known up to it, whatever else came with it', () => {
    const days = 5 * DAY_MS;
    const move = (offset: number, to: string, at: number): Row => ({
      site: 'S',
      kind: 'command',
      actor: 'op-1',
      offset,
      receivedAt: NOON + days,
      key: to,
      command: { kind: 'move', epc: epcOf(1), to, at: formatTime(at) },
    });
    // A gateway makes up for days, and then sends what it hears now.
    const read = (offset: number, at: number): Row => ({
      site: 'S',
      gateway: 'gw',
      kind: 'entries',
      offset,
      receivedAt: NOON + days,
      sentAt: NOON + days,
      entries: entriesOf(crossing([epcOf(2)], 'in', at)),
    });
    const rows = [
      move(1, 'A', NOON),
      read(TRIM_EVERY_ROWS, NOON),
      read(TRIM_EVERY_ROWS + 1, NOON + days - 10_000),
      move(TRIM_EVERY_ROWS + 2, 'B', NOON - 1000),
    ];
    const [live, alone] = [machines().get('S')!, machines().get('S')!];
    const expected = rows.map((row) => deriveRow(alone, row));
    run(({ hot, expectObservable }) => {
      const out$ = hot<readonly Row[]>('-a|', { a: rows }).pipe(derive(() => live));
      expectObservable(out$).toBe('-a|', { a: expected });
    });
    expect(expected.at(-1)!.outcome?.outcome.status).toBe('done');
  });

  it('forgets what has been over for long, as who derives the journal again does', () => {
    const [live, alone] = [machines().get('S')!, machines().get('S')!];
    const placed = { site: 'S', kind: 'command', actor: 'op-1' } as const;
    const lines = [{ line: '1', sku: 'X', quantity: 1 }];
    const rows: Row[] = [
      {
        ...placed,
        offset: 1,
        receivedAt: NOON,
        key: 'a',
        command: { kind: 'announce', inbound: 'ASN-1', document: 'notice', supplier: 'ACME', lines },
      },
      { ...placed, offset: 2, receivedAt: NOON, key: 'b', command: { kind: 'cancel-inbound', inbound: 'ASN-1' } },
      { kind: 'tick', site: 'S', offset: TRIM_EVERY_ROWS, receivedAt: NOON + 3 * DAY_MS },
    ];
    for (const row of rows) deriveRow(alone, row);
    run(({ hot, flush }) => {
      hot<readonly Row[]>('-a|', { a: rows })
        .pipe(derive(() => live))
        .subscribe();
      flush();
    });
    expect([live, alone].map(({ work }) => [work.inbounds.size, work.ended.has('ASN-1')])).toEqual([
      [0, true],
      [0, true],
    ]);
  });

  it('passes on an end and an error as they are', () => {
    const live = machines();
    run(({ cold, expectObservable }) => {
      const stages = (marbles: string) => cold<readonly Row[]>(marbles).pipe(derive((site) => live.get(site)!));
      expectObservable(stages('--|')).toBe('--|');
      expectObservable(stages('--#')).toBe('--#');
    });
  });
});
