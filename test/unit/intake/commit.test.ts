// The wiring of group commit: what goes together, what waits for what, what is told to whom and when.
import { NEVER, Subject, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { commit, noCommits, type CommitFigures, type CommitOptions } from '../../../src/intake/commit.ts';
import type { Arrival } from '../../../src/intake/decode.ts';
import type { Appended, Entry, Journal } from '../../../src/intake/journal.ts';
import { Fault } from '../../../src/kit/faults.ts';
import { createLog } from '../../../src/kit/log.ts';
import type { ReceiptMessage } from '../../../src/wire/envelope.ts';
import type { Row } from '../../../src/wire/row.ts';
import { play, type MarbleTime } from '../../support/marbles.ts';
import { entriesOf } from '../../support/sites.ts';

const NAMES = 'abcdefgh';
const UNAVAILABLE = new Fault('unavailable', 'database-unavailable', 'Postgres does not answer');

interface Scene {
  /** What happened, in order: appends by the letters in them, settlements, receipts. */
  readonly told: string[];
  readonly closed: Set<string>;
  readonly closed$: Subject<void>;
  readonly figures: CommitFigures;
  readonly arrivals: Readonly<Record<string, Arrival>>;
  /** ms that an append takes. */
  appendMs: number;
  /** Appends that fail first. */
  failures: unknown[];
  verdicts: Readonly<Record<string, Appended['verdict']>>;
  ready: (time: MarbleTime) => Promise<void>;
  /** What happens besides. */
  besides: (time: MarbleTime) => Promise<void>;
}

/** Message `a` is number 1 of gateway gw, `b` number 2, and so on; each of 100 bytes. */
function openScene(): Scene {
  const scene: Scene = {
    told: [],
    closed: new Set(),
    closed$: new Subject(),
    figures: noCommits(),
    arrivals: Object.fromEntries([...NAMES].map((name) => [name, arrivalOf(name, () => scene)])),
    appendMs: 10,
    failures: [],
    verdicts: {},
    ready: () => Promise.resolve(),
    besides: () => Promise.resolve(),
  };
  return scene;
}

function arrivalOf(name: string, scene: () => Scene): Arrival {
  const entry: Entry = {
    site: 'S',
    gateway: 'gw',
    epoch: 'e',
    seq: BigInt(NAMES.indexOf(name) + 1),
    digest: 0n,
    counts: true,
    receivedAt: 0,
    kind: 'entries',
    entries: entriesOf([]),
    sentAt: undefined,
  };
  return {
    delivery: {
      topic: 't',
      payload: Buffer.alloc(100),
      qos: 1,
      receivedAt: 0,
      connection: { id: name, isClosed: () => scene().closed.has(name) },
      settle: () => scene().told.push(`settle ${name}`),
    },
    entry,
    quarantine: [],
    lost: [],
    unknownFields: 0,
    rejected: [],
  };
}

const letterOf = (seq: bigint | number): string => NAMES[Number(seq) - 1]!;

function run(scene: Scene, marbles: string, options: Partial<CommitOptions> = {}): Promise<string[]> {
  let offset = 0;
  const stage = (arrivals$: Observable<Arrival>, time: MarbleTime): Observable<readonly Row[]> => {
    const journal: Journal = {
      append: async (entries) => {
        const letters = entries.map(({ seq }) => letterOf(seq)).join('');
        scene.told.push(`append ${letters}`);
        await time.sleep(scene.appendMs);
        const failure = scene.failures.shift();
        if (failure !== undefined) throw failure as Error;
        return entries.map(({ seq }) => {
          const verdict = scene.verdicts[letterOf(seq)] ?? 'fresh';
          const placed = verdict === 'fresh' ? ++offset : undefined;
          return { verdict, offset: placed, receivedAt: 0, through: Number(seq) };
        });
      },
      read: () => Promise.resolve([]),
      nextOffset: () => Promise.resolve(1),
    };
    void scene.besides(time);
    return arrivals$.pipe(
      commit({
        journal,
        bytesMax: 1000,
        log: createLog({ style: 'silent' }),
        receipt: (_site, _gateway, receipt: ReceiptMessage) => scene.told.push(`receipt ${receipt.seq}`),
        figures: scene.figures,
        ready: () => scene.ready(time),
        closed$: scene.closed$,
        sleep: time.sleep,
        ...options,
      }),
    );
  };
  return play(marbles, scene.arrivals, stage, (rows) => rows.map(({ offset: at }) => at).join(','));
}

describe('group commit', () => {
  it('starts the next commit when the last one ends, and takes all that has come meanwhile', async () => {
    const scene = openScene();
    // a is on its way from 0 to 10; b to e wait for it and go together.
    expect(await run(scene, 'a-b-c-(de)-- 20ms f|')).toEqual(['10 1', '20 2,3,4,5', '42 6', '42 |']);
    expect(scene.told.filter((word) => word.startsWith('append'))).toEqual(['append a', 'append bcde', 'append f']);
  });

  it('takes what arrives in one turn of the event loop together', async () => {
    expect(await run(openScene(), '(abc) 20ms |')).toEqual(['10 1,2,3', '25 |']);
  });

  it('acknowledges in the order of arrival, after the commit, before the rows go on', async () => {
    const scene = openScene();
    await run(scene, '(ab)|');
    expect(scene.told).toEqual(['append ab', 'settle a', 'settle b', 'receipt 2']);
  });

  it('takes no more bytes at once than it may, but a large message alone', async () => {
    const scene = openScene();
    expect(await run(scene, '(abcde)|', { bytesMax: 250 })).toEqual(['10 1,2', '20 3,4', '30 5', '30 |']);
    const large = openScene();
    expect(await run(large, '(abc)|', { bytesMax: 50 })).toEqual(['10 1', '20 2', '30 3', '30 |']);
  });

  it('waits while what follows cannot take more', async () => {
    const scene = openScene();
    scene.ready = (time) => (time.now() < 30 ? time.sleep(30 - time.now()) : Promise.resolve());
    expect(await run(scene, 'a-b-|')).toEqual(['40 1,2', '40 |']);
  });

  it('hands on what is fresh alone, and answers a duplicate all the same', async () => {
    const scene = openScene();
    scene.verdicts = { b: 'duplicate' };
    expect(await run(scene, '(abc)|')).toEqual(['10 1,2', '10 |']);
    expect(scene.told).toEqual(['append abc', 'settle a', 'settle b', 'settle c', 'receipt 3']);
    expect(scene.figures).toMatchObject({ arrived: 3, fresh: 2, duplicates: 1 });
  });
});

describe('while Postgres does not answer', () => {
  it('tries again, later and later, and then goes on with the same messages', async () => {
    const scene = openScene();
    scene.failures = [UNAVAILABLE, UNAVAILABLE];
    // 10 + 200, 10 + 400, 10
    expect(await run(scene, 'a--b|')).toEqual(['630 1', '640 2', '640 |']);
    expect(scene.told).toEqual([
      'append a',
      'append a',
      'append a',
      'append b', // and what came of the one before is told meanwhile
      'settle a',
      'receipt 1',
      'settle b',
      'receipt 2',
    ]);
  });

  it('forgets at once what waits of a connection that has closed; what is on its way stays', async () => {
    const scene = openScene();
    scene.failures = [UNAVAILABLE];
    scene.besides = async ({ sleep }) => {
      await sleep(50);
      scene.closed.add('a').add('b');
      scene.closed$.next();
      await sleep(1);
      scene.told.push('closed');
    };
    await run(scene, 'a-(bc)-----d|');
    expect(scene.told).toEqual([
      'append a',
      'settle b', // frees its bytes, long before Postgres is back
      'closed',
      'append a',
      'append cd',
      'settle a',
      'receipt 1',
      'settle c',
      'settle d',
      'receipt 4',
    ]);
    expect(scene.figures).toMatchObject({ arrived: 4, fresh: 3, dropped: 1 });
  });

  it('keeps a QoS 0 message of a closed connection: it would not come again', async () => {
    const scene = openScene();
    const { delivery, ...rest } = scene.arrivals['b']!;
    const unlucky = {
      ...scene,
      arrivals: { ...scene.arrivals, b: { ...rest, delivery: { ...delivery!, qos: 0 as const } } },
    };
    scene.closed.add('b').add('c');
    expect(await run(unlucky, 'a-(bc)|', { closed$: NEVER })).toEqual(['10 1', '20 2', '20 |']);
  });

  it('ends with an error that does not heal, and acknowledges nothing', async () => {
    const scene = openScene();
    scene.failures = [new Error('a column is missing')];
    expect(await run(scene, 'a---------------b|')).toEqual(['10 #']);
    expect(scene.told).toEqual(['append a']);
  });
});
