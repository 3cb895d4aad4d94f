// `npm run bench:growth`: what it costs that more tags lie about. The engine as in `bench`, on a database of its own for each number of tags:
// how fast their movements are posted while they come in, and then reads a second and memory while all of them are read on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog } from '../../src/kit/log.ts';
import { openClient } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { closeAfterFile, closeAll } from '../support/cleanUp.ts';
import { drained, load, timed, withService, type Asked } from './bench.ts';
import { machineText, tell } from './filled.ts';

const HELP = `npm run bench:growth -- [--tags 1000,100000,1000000] [--seconds 20] [--json]

Reads per second from MQTT to the committed ledger, 50 reads an envelope, with so many tags in the zones, read one after the other. Before
that each of them comes in, which is a movement.

--tags N,M,…   how many lie in the zones
--seconds N    of full load that are measured
`;

const WINDOW = 400;
const EXPECTED_READS_PER_SECOND = 200_000;
/** Of full load at once while tags come in. */
const COMING_S = 5;
/** All but a few of them are in the ledger, or it has been tried so often. */
const HAVE_COME = 0.99;
const ROUNDS_MOST = 120;
const MIB = 1_048_576;

interface Figures {
  readonly tags: number;
  readonly movementsPerSecond: number;
  readonly readsPerSecond: number;
  readonly ackMs: { readonly p50: number; readonly p99: number };
  readonly memoryMiB: number;
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tags: { type: 'string', default: '1000,100000,1000000' },
      seconds: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return void process.stdout.write(HELP);
  const figures: Figures[] = [];
  for (const tags of values.tags.split(',').map(Number)) {
    tell(`${tags} tags`);
    try {
      figures.push(await measure(tags, Math.max(2, Number(values.seconds))));
    } finally {
      await closeAll();
    }
  }
  const machine = machineText();
  process.stdout.write(values.json ? `${JSON.stringify({ machine, figures })}\n` : tableOf(machine, figures));
}

async function measure(tags: number, seconds: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-growth-'));
  closeAfterFile(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ level: 'error', style: 'json' }) });
  closeAfterFile(() => postgres.stop());
  const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner' });
  await migrate(owner, createLog({ style: 'silent' }));
  await owner.end();
  return withService('engine', postgres.url, async (port, ask) => {
    const order = {
      port,
      window: WINDOW,
      readsPerSecond: 0,
      expectedReadsPerSecond: EXPECTED_READS_PER_SECOND,
      mix: { zoneTags: tags },
    };
    let run = 1;
    const comingS = await timed(async () => {
      do await load({ ...order, seconds: COMING_S, run: run++ });
      while (run <= ROUNDS_MOST && (await haveCome(ask)) < tags * HAVE_COME);
    });
    const { movements } = await ask();
    const full = await load({ ...order, seconds, run });
    const drainSeconds = await timed(() => drained(ask));
    const { memory } = await ask();
    return {
      tags,
      movementsPerSecond: Math.round(movements / comingS),
      readsPerSecond: Math.round(full.reads / (full.seconds + drainSeconds)),
      ackMs: full.ackMs,
      memoryMiB: Math.round(memory / MIB),
    };
  });
}

/** Movements into zones so far. */
async function haveCome(ask: () => Promise<Asked>): Promise<number> {
  await drained(ask);
  const { movements, through } = await ask();
  return movements - through;
}

function tableOf(machine: string, figures: readonly Figures[]): string {
  const head = ['tags', 'movements/s coming in', 'reads/s', 'of the first', 'PUBACK p50', 'p99', 'memory'];
  const widths = [11, 23, 10, 14, 13, 10, 12];
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padStart(widths[column]!)).join('');
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    `machine  ${machine}`,
    line(head),
    ...figures.map(({ tags, movementsPerSecond, readsPerSecond, ackMs, memoryMiB }) =>
      line([
        count(tags),
        count(movementsPerSecond),
        count(readsPerSecond),
        (readsPerSecond / figures[0]!.readsPerSecond).toFixed(2),
        `${ackMs.p50} ms`,
        `${ackMs.p99} ms`,
        `${count(memoryMiB)} MiB`,
      ]),
    ),
    '',
  ].join('\n');
}

await bench();
