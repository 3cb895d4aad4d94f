// `tallygate bench`: how fast it is on this machine, each figure beside its ceiling measured in the same run. Everything
// runs here: generator, service and Postgres share the cores.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createLog } from '../../src/kit/log.ts';
import { sleep } from '../../src/kit/sleep.ts';
import { openClient } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import { READS_PER_ENVELOPE } from './traffic.ts';
import { readRatios, tellWorse } from './ratios.ts';

const HELP = `tallygate bench [--seconds 20] [--json] [--against FILE]

Reads per second from MQTT to the committed ledger, 50 reads an envelope, PUBACK after commit, 8 gateways, 20 doors and 40
zones, 97 % of the reads of parked tags and tags in zones; and the ceiling: the same broker that parses and does no more. Then
the same with one read a message, as devices that speak for themselves send them.

--against FILE  compares with what an earlier run printed with --json, and ends with 1 when a ratio is worse by more than a fifth
`;

/** A load is decided this long after it crossed, at the latest. */
const DECIDED_MS = 12_000;

export interface Figures {
  readonly ceilingReadsPerSecond: number;
  readonly readsPerSecond: number;
  readonly ofCeiling: number;
  readonly movementsPerSecond: number;
  /** Tags of pallets that went all their way through a door, and movements through doors; those on their way at an end may have moved too. */
  readonly tagsCrossed: number;
  readonly through: number;
  readonly lagRowsAtEnd: number;
  readonly drainSeconds: number;
  readonly ackMs: LoadReport['ackMs'];
  readonly steady: { readonly readsPerSecond: number; readonly ackMs: LoadReport['ackMs'] };
  readonly journalBytesPerRead: number;
  readonly memoryMiB: number;
  /** Messages of one read. */
  readonly single: {
    readonly ceilingMessagesPerSecond: number;
    readonly messagesPerSecond: number;
    readonly ofCeiling: number;
  };
}

/** In flight on each connection. */
const WINDOW = 400;

export async function benchCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '20' },
      json: { type: 'boolean' },
      against: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const seconds = Math.max(2, Number(values.seconds));
  const former = values.against === undefined ? undefined : readRatios(values.against);
  const folder = await mkdtemp(join(tmpdir(), 'tallygate-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ level: 'error', style: 'json' }) });
  try {
    const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner' });
    await migrate(owner, createLog({ style: 'silent' }));
    const figures = await measure(postgres.url, seconds, owner);
    await owner.end();
    process.stdout.write(values.json === true ? `${JSON.stringify(figures)}\n` : table(figures));
    if (former !== undefined) return tellWorse(former, figures);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return 0;
}

async function measure(
  databaseUrl: string,
  seconds: number,
  owner: Awaited<ReturnType<typeof openClient>>,
): Promise<Figures> {
  const ceilingReadsPerSecond = await ceilingOf(databaseUrl, seconds, READS_PER_ENVELOPE);
  const many = await withService('engine', databaseUrl, async (port, ask) => {
    const flat = { port, window: WINDOW, readsPerSecond: 0, expectedReadsPerSecond: 200_000 };
    const warm = await load({ ...flat, seconds: 3, run: 2 });
    await drained(ask);
    const before = await ask();
    const full = await load({ ...flat, seconds, run: 3 });
    const atEnd = await ask();
    const drainSeconds = await timed(() => drained(ask));
    const after = await ask();
    const paced = { ...flat, readsPerSecond: 100_000, expectedReadsPerSecond: 100_000 };
    const steady = await load({ ...paced, seconds: Math.min(seconds, 10), run: 4 });
    const through = await allThrough(ask);
    const readsPerSecond = Math.round(full.reads / (full.seconds + drainSeconds));
    return {
      ceilingReadsPerSecond,
      readsPerSecond,
      ofCeiling: shareOf(readsPerSecond, ceilingReadsPerSecond),
      movementsPerSecond: Math.round((after.movements - before.movements) / (full.seconds + drainSeconds)),
      tagsCrossed: warm.crossed + full.crossed + steady.crossed,
      through,
      lagRowsAtEnd: atEnd.lagRows,
      drainSeconds: Number(drainSeconds.toFixed(1)),
      ackMs: full.ackMs,
      steady: { readsPerSecond: Math.round(steady.reads / steady.seconds), ackMs: steady.ackMs },
      memoryMiB: Math.round(after.memory / 1_048_576),
    };
  });
  const { rows } = await owner.query<{ bytes: number; reads: number }>(
    `select sum(pg_total_relation_size(inhrelid)) + pg_total_relation_size('delivery') as bytes, (select count(*) * $1::integer from journal where kind = 1) as reads
     from pg_inherits where inhparent = 'journal'::regclass`,
    [READS_PER_ENVELOPE],
  );
  const journalBytesPerRead = Number((rows[0]!.bytes / rows[0]!.reads).toFixed(1));
  return { ...many, journalBytesPerRead, single: await measureSingle(databaseUrl, Math.min(seconds, 10)) };
}

/** One read a message: the price of a message, not of a read. */
async function measureSingle(databaseUrl: string, seconds: number): Promise<Figures['single']> {
  const ceilingMessagesPerSecond = await ceilingOf(databaseUrl, seconds, 1);
  return withService('engine', databaseUrl, async (port, ask) => {
    const flat = { port, window: WINDOW, readsPerSecond: 0, expectedReadsPerSecond: 20_000, readsPerEnvelope: 1 };
    await load({ ...flat, seconds: 3, run: 6 });
    await drained(ask);
    const full = await load({ ...flat, seconds, run: 7 });
    const drainSeconds = await timed(() => drained(ask));
    const messagesPerSecond = Math.round(full.envelopes / (full.seconds + drainSeconds));
    return {
      ceilingMessagesPerSecond,
      messagesPerSecond,
      ofCeiling: shareOf(messagesPerSecond, ceilingMessagesPerSecond),
    };
  });
}

/** What the broker alone makes of it, reads/s. */
const ceilingOf = (databaseUrl: string, seconds: number, readsPerEnvelope: number): Promise<number> =>
  withService('parse-only', databaseUrl, async (port) => {
    const { reads, seconds: took } = await load({
      port,
      seconds: Math.min(seconds, 10),
      window: WINDOW,
      readsPerSecond: 0,
      expectedReadsPerSecond: 6000 * readsPerEnvelope,
      readsPerEnvelope,
      run: readsPerEnvelope === 1 ? 5 : 1,
    });
    return Math.round(reads / took);
  });

const shareOf = (part: number, whole: number): number => Number((part / whole).toFixed(3));

/** Seconds. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

export interface Asked {
  readonly lagRows: number;
  readonly movements: number;
  readonly through: number;
  readonly offset: number;
  readonly memory: number;
}

export async function withService<T>(
  kind: 'engine' | 'parse-only',
  databaseUrl: string,
  work: (port: number, ask: () => Promise<Asked>) => Promise<T>,
): Promise<T> {
  const child = start('service.ts');
  try {
    child.send({ kind, databaseUrl });
    const { port } = await answer<{ port: number }>(child);
    return await work(port, async () => {
      child.send({ ask: true });
      return answer<Asked>(child);
    });
  } finally {
    child.kill('SIGKILL');
  }
}

/** Traffic by a process of its own, for as long as the order says or until `signal` ends it. */
export async function load(order: LoadOrder, signal?: AbortSignal): Promise<LoadReport> {
  const child = start('load.ts');
  child.send(order);
  signal?.addEventListener('abort', () => child.send({ end: true }), { once: true });
  return answer<LoadReport>(child);
}

export const start = (file: string): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: nodeArguments(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

/** As `npm start` runs it; Node 22.18 and later runs TypeScript by itself. */
function nodeArguments(): string[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return ['--max-semi-space-size=64', ...(major > 22 || (major === 22 && minor >= 18) ? [] : ['--import', 'tsx'])];
}

export const answer = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a process of the benchmark ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });

/** What crossed last is decided some seconds later. */
async function allThrough(ask: () => Promise<Asked>): Promise<number> {
  await sleep(DECIDED_MS);
  await drained(ask);
  return (await ask()).through;
}

export async function drained(ask: () => Promise<Asked>): Promise<void> {
  while ((await ask()).lagRows > 0) await sleep(20);
}

function table(figures: Figures): string {
  const number = (value: number): string => value.toLocaleString('en');
  const rows: readonly (readonly [string, string])[] = [
    ['machine', `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`],
    ['ceiling: receive and JSON.parse, nothing else', `${number(figures.ceilingReadsPerSecond)} reads/s`],
    [
      'reads to committed ledger',
      `${number(figures.readsPerSecond)} reads/s (${(figures.ofCeiling * 100).toFixed(0)} % of the ceiling)`,
    ],
    ['movements posted meanwhile', `${number(figures.movementsPerSecond)} a second`],
    ['of tags that crossed', `${number(figures.tagsCrossed)}: ${number(figures.through)} movements through doors`],
    ['PUBACK at full load', `p50 ${figures.ackMs.p50} ms, p99 ${figures.ackMs.p99} ms`],
    [
      'behind at the end',
      `${number(figures.lagRowsAtEnd)} envelopes, caught up in ${figures.drainSeconds} s (counted in)`,
    ],
    [
      `PUBACK at ${number(figures.steady.readsPerSecond)} reads/s`,
      `p50 ${figures.steady.ackMs.p50} ms, p99 ${figures.steady.ackMs.p99} ms`,
    ],
    ['journal on disk', `${figures.journalBytesPerRead} bytes a read`],
    ['memory of the service', `${figures.memoryMiB} MiB`],
    ['ceiling, one read a message', `${number(figures.single.ceilingMessagesPerSecond)} messages/s`],
    [
      'one read a message to committed ledger',
      `${number(figures.single.messagesPerSecond)} messages/s (${(figures.single.ofCeiling * 100).toFixed(0)} % of the ceiling)`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}
