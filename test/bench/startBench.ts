// `npm run bench:start`: how long a start takes, over a large ledger; and how long it takes to recover some minutes of journal, what was
// not in the ledger yet and what was. The whole service, as a user starts it; no snapshot is taken meanwhile but the one of the clean stop.
import { parseArgs } from 'node:util';
import { planSite } from '../../src/config/plan.ts';
import { openJournal, type Entry } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { openPool } from '../../src/store/database.ts';
import { closeAll } from '../support/cleanUp.ts';
import { mebibytes, type Installation, type Service } from '../support/serviceProcess.ts';
import { eventually } from '../support/wait.ts';
import { installOn, machineText, openFilled, tell, type Filled } from './filled.ts';
import { ledgerSite } from './fillMachine.ts';
import { rowsOf } from './rows.ts';
import { GATEWAYS, READS_PER_ENVELOPE } from './traffic.ts';

const HELP = `npm run bench:start -- [--rows 10000000] [--minutes 10] [--reads 4000] [--json] [--keep FOLDER]

Starts the service over a ledger of a year (a tag for every ten rows), stops it, lays some minutes of reads into its journal, starts it
again, kills it with -9 and starts it once more. Prints each time from the start of the process until the service says that it runs.

--rows N       movements in the ledger
--minutes N    of journal that is recovered; the service leaves a snapshot every two minutes, unless it cannot
--reads N      reads a second in these minutes; 4,000 are twenty doors, steadily
--keep FOLDER  keeps the database there for the next run
`;

const MINUTE_S = 60;
const AIM_SECONDS = { start: 10, recovery: 30 };
const ENTRIES_AT_ONCE = 400;
const SETTLE_EVERY_MS = 5000;
const SETTLED_WITHIN_MS = 300_000;

interface Figures {
  readonly machine: string;
  readonly tags: number;
  readonly movements: number;
  readonly startSeconds: number;
  readonly memoryMiB: number;
  readonly stopSeconds: number;
  readonly journalReads: number;
  readonly unpostedSeconds: number;
  readonly killedSeconds: number;
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '10000000' },
      minutes: { type: 'string', default: '10' },
      reads: { type: 'string', default: '4000' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return void process.stdout.write(HELP);
  try {
    const filled = await openFilled(Number(values.rows), values.keep, true);
    const figures = await measure(filled, Number(values.minutes) * MINUTE_S, Number(values.reads));
    process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : tableOf(figures));
  } finally {
    await closeAll();
  }
}

async function measure(filled: Filled, seconds: number, readsPerSecond: number): Promise<Figures> {
  const home = installOn(filled, 'snapshotEveryMs: 3600000');
  await settle(filled);
  const first = await started(home, 'a start');
  const memoryMiB = Math.round(mebibytes(first.pid));
  const { tookMs } = await first.stop();
  tell('reads into the journal');
  const journalReads = await lay(filled, seconds, readsPerSecond);
  const unposted = await started(home, 'a start with reads that are not in the ledger');
  await unposted.kill();
  const killed = await started(home, 'a start after kill -9');
  await killed.stop();
  const { rows } = await filled.owner.query<{ movements: number }>('select count(*) as movements from transaction');
  return {
    machine: machineText(),
    tags: filled.ledger.items,
    movements: rows[0]!.movements,
    startSeconds: secondsOf(first),
    memoryMiB,
    stopSeconds: Number((tookMs / 1000).toFixed(1)),
    journalReads,
    unpostedSeconds: secondsOf(unposted),
    killedSeconds: secondsOf(killed),
  };
}

/** A first start learns the site file, and takes in what an earlier run has left; until a snapshot has all of it. */
async function settle(filled: Filled): Promise<void> {
  const service = await started(installOn(filled, `snapshotEveryMs: ${SETTLE_EVERY_MS}`), 'a first start');
  const isSettled = async (): Promise<boolean> => {
    const { rowCount } = await filled.owner.query(
      'select from snapshot s join cursor c using (site) where site = $1 and s.journal_offset = c.journal_offset',
      [filled.ledger.site],
    );
    return rowCount === 1;
  };
  await eventually('a snapshot has all of the ledger', isSettled, SETTLED_WITHIN_MS);
  await service.stop();
}

async function started(home: Installation, what: string): Promise<Service> {
  tell(what);
  return home.start();
}

const secondsOf = ({ startedInMs }: Service): number => Number((startedInMs / 1000).toFixed(1));

/** Reads into the journal, as if they had come since its last row; how many. Their times may be ahead of the clock, which then waits for them. */
async function lay({ url, owner, ledger }: Filled, seconds: number, readsPerSecond: number): Promise<number> {
  const { rows: heads } = await owner.query<{ at: number }>(
    'select extract(epoch from received_at) * 1000 as at from journal_head where site = $1',
    [ledger.site],
  );
  const start = Math.max(heads[0]!.at + 1000, Date.now() - seconds * 1000);
  const plan = planSite({ file: ledgerSite(ledger) });
  const traffic = rowsOf({ plan, gateways: GATEWAYS, readsPerSecond, seconds, start });
  const log = createLog({ style: 'silent' });
  const pool = openPool({ url, name: 'bench journal', max: 1, onError: () => {} });
  const journal = openJournal(pool, log);
  const epoch = `start-${start}`;
  let count = 0;
  let entries: Entry[] = [];
  for (const row of traffic.rows) {
    if (row.kind !== 'entries') continue;
    const seq = BigInt(Math.ceil(row.offset / GATEWAYS));
    entries.push({ ...row, epoch, seq, digest: seq, oldest: 1, counts: true });
    count += READS_PER_ENVELOPE;
    if (entries.length < ENTRIES_AT_ONCE) continue;
    await journal.append(entries);
    entries = [];
  }
  if (entries.length > 0) await journal.append(entries);
  await pool.end();
  return count;
}

function tableOf(figures: Figures): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const { machine, tags, movements, startSeconds, memoryMiB, stopSeconds, journalReads } = figures;
  return [
    `machine                             ${machine}`,
    `ledger                              ${count(movements)} movements and as many postings, ${count(tags)} tags`,
    `start                               ${startSeconds} s (aim: ${AIM_SECONDS.start} s), ${count(memoryMiB)} MiB`,
    `clean stop                          ${stopSeconds} s`,
    `start after ${count(journalReads)} reads that are not in the ledger  ${figures.unpostedSeconds} s`,
    `start after kill -9                 ${figures.killedSeconds} s (aim: ${AIM_SECONDS.recovery} s)`,
    '',
  ].join('\n');
}

await bench();
