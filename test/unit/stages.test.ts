// The wiring of the stage that thinks: one in, one out, in order, each row by the machine of its own site.
import { Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { deriveRow, openMachine, type SiteMachine } from '../../src/derive.ts';
import { TRIM_EVERY_ROWS } from '../../src/infer/infer.ts';
import { derive, type DeriveOptions } from '../../src/deriveStage.ts';
import type { Effects } from '../../src/infer/effects.ts';
import { openCuts } from '../../src/post/cuts.ts';
import { takeSnapshot } from '../../src/post/snapshot.ts';
import { openBacklog } from '../../src/post/stage.ts';
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

/** All that came at once, without a break, unless another slice is given. */
const setting = (machineOf: DeriveOptions['machineOf'], sliceMs = Number.POSITIVE_INFINITY) => ({
  machineOf,
  backlog: openBacklog(),
  cuts: openCuts(),
  sliceMs,
});

/** Runs the stage on rows that come batch by batch in one turn of the event loop; after each turn `between` is asked. */
async function derived(
  options: ReturnType<typeof setting>,
  batches: readonly (readonly Row[])[],
  between: (turn: number) => void = () => {},
): Promise<{ readonly effects: Effects[]; readonly turns: number; readonly failure?: unknown }> {
  const rows$ = new Subject<readonly Row[]>();
  const effects: Effects[] = [];
  let turns = 0;
  let failure: unknown;
  const over = new AbortController();
  rows$.pipe(derive(options)).subscribe({
    next: (told) => void effects.push(...told),
    error: (error: unknown) => {
      failure = error;
      over.abort();
    },
    complete: () => over.abort(),
  });
  for (const rows of batches) rows$.next(rows);
  rows$.complete();
  for (; !over.signal.aborted; turns++) {
    between(turns);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { effects, turns, failure };
}

describe('the stage that thinks', () => {
  it('gives what the machines give, row by row, batch by batch', async () => {
    const [live, alone] = [machines(), machines()];
    const [s1, s2, s3] = rowsOf('S', 'in');
    const [t1, t2, t3] = rowsOf('T', 'out');
    const batches = [[s1!, t1!], [s2!], [t2!, s3!, t3!]];
    const expected = batches.flat().map((row) => deriveRow(alone.get(row.site)!, row));
    const moves = expected.flatMap(({ site, transactions }) => transactions.map(({ type }) => `${site} ${type}`));
    expect(new Set(moves)).toEqual(new Set(['S receive', 'T ship']));
    const { effects, turns } = await derived(
      setting((site) => live.get(site)),
      batches,
    );
    expect(effects).toEqual(expected);
    expect(turns).toBe(1); // and not before who brought them has done what he has to do
    expect([...live.values()].map(({ offset }) => offset)).toEqual([3, 3]);
  });

  it('decides a row by what is known up to it, whatever else came with it', async () => {
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
    const { effects } = await derived(
      setting(() => live),
      [rows],
    );
    expect(effects).toEqual(expected);
    expect(expected.at(-1)!.outcome?.outcome.status).toBe('done');
  });

  it('forgets what has been over for long, as who derives the journal again does', async () => {
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
    await derived(
      setting(() => live),
      [rows],
    );
    expect([live, alone].map(({ work }) => [work.inbounds.size, work.ended.has('ASN-1')])).toEqual([
      [0, true],
      [0, true],
    ]);
  });

  it('passes on an end and an error as they are', () => {
    const live = machines();
    run(({ cold, expectObservable }) => {
      const stages = (marbles: string) => cold<readonly Row[]>(marbles).pipe(derive(setting((site) => live.get(site))));
      expectObservable(stages('--|')).toBe('--|');
      expectObservable(stages('--#')).toBe('--#');
    });
  });
});

describe('a row in steps', () => {
  it('leads to the same as without a break', async () => {
    const rows = [...rowsOf('S', 'in'), ...rowsOf('T', 'out')];
    const [live, alone] = [machines(), machines()];
    const options = setting((site) => live.get(site), 0);
    const { effects, turns } = await derived(options, [rows]);
    expect(effects).toEqual(rows.map((row) => deriveRow(alone.get(row.site)!, row)));
    expect(turns).toBeGreaterThan(100);
    expect(options.backlog.rows).toBe(rows.length); // until they are posted
  });

  it('lets nobody see a machine in the middle of it', async () => {
    const rows = rowsOf('S', 'in');
    const machine = machines().get('S')!;
    const alone = machines().get('S')!;
    const kept = [alone.clean.now, ...rows.map((row) => (deriveRow(alone, row), alone.clean.now))];
    const options = setting(() => machine, 0);
    const seen: Promise<readonly [number, number]>[] = [];
    await derived(options, [rows], () => {
      seen.push(options.cuts.take(() => [machine.offset, machine.clean.now]));
    });
    const cuts = await Promise.all(seen);
    expect(new Set(cuts.map(([offset]) => offset))).toEqual(new Set([0, 1, 2, 3]));
    for (const [offset, now] of cuts) expect(now).toBe(kept[offset]);
  });

  it('is kept whole by a snapshot that is asked for in the middle of it', async () => {
    const rows = rowsOf('S', 'in');
    const machine = machines().get('S')!;
    const options = setting(() => machine, 0);
    let asked: Promise<ReturnType<typeof takeSnapshot>> | undefined;
    await derived(options, [rows], (turn) => {
      if (turn === 40) asked = options.cuts.take(() => takeSnapshot(machine));
    });
    const alone = machines().get('S')!;
    const { offset, parts } = (await asked)!;
    for (const row of rows.slice(0, offset)) deriveRow(alone, row);
    const whole = takeSnapshot(alone);
    expect(offset).toBeGreaterThan(0);
    expect(parts.map(({ part, key }) => [part, key])).toEqual(whole.parts.map(({ part, key }) => [part, key]));
    expect(parts.map(({ content }) => content)).toEqual(whole.parts.map(({ content }) => content));
  });

  it('is given up with its site, and so is what waits behind it', async () => {
    const rows = rowsOf('S', 'in');
    let machine = machines().get('S');
    const options = setting(() => machine, 0);
    let turnsInRow = 0;
    const { effects } = await derived(options, [[...rows, { ...rows[2]!, offset: 4 }]], () => {
      if (machine?.offset === 2 && ++turnsInRow === 20) machine = undefined;
    });
    expect(effects.map(({ offset }) => offset)).toEqual([1, 2]);
    options.backlog.rows -= 2; // as who posts them says
    expect(options.backlog.rows).toBe(0);
  });

  it('is not for the machine of who comes back to the site meanwhile', async () => {
    const rows = rowsOf('S', 'in');
    let machine = machines().get('S');
    const options = setting(() => machine, 0);
    await derived(options, [rows], () => {
      if (machine?.offset === 2) machine = machines().get('S');
    });
    expect(machine?.offset).toBe(0);
  });

  it('ends everything when it fails, and leaves no machine to be kept', async () => {
    const [row] = rowsOf('S', 'in');
    const machine = machines().get('S')!;
    const options = setting(() => machine, 0);
    const broken = { ...row!, entries: undefined } as unknown as Row;
    const { failure } = await derived(options, [[broken]]);
    expect(failure).toBeInstanceOf(TypeError);
    const looked = options.cuts.take(() => machine.offset);
    expect(await Promise.race([looked, Promise.resolve('waits')])).toBe('waits');
  });
});
