// What is written does not reach the disk: fsync and fdatasync fail with EIO, in Postgres and in the gateway, under load. Postgres ends
// by itself and comes back from its log; the gateway keeps what it read and writes it again. Nothing is confirmed that is not kept
// (promises P1 and P2).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../simulators/random.ts';
import { simulateDay, startSender } from '../support/drill.ts';
import { descendants, installSite, type Process } from '../support/serviceProcess.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { eventually, inTime, passes } from '../support/wait.ts';
import { atLeast, exactly, stated, type Drill } from './figure.ts';
import {
  count,
  derived,
  effective,
  ledgerIsThere,
  measure,
  onceEach,
  sameHistory,
  SITE,
  SITE_FILE,
  START,
  verified,
} from './history.ts';

const GATEWAY = { site: SITE, gateway: 'gw-1' };
const SENDER = { site: SITE, gateway: 'gw-2' };
const TIMES = 2;
const TIMES_LONG = 60;
const FAILS_MS = 1000;
/** The recording is sent over as long as the disks fail. */
const DAY_MINUTES = 5;
const ROUND_MS = 8000;
const RECOVERS_WITHIN_MS = 90_000;

/** Undefined when calls of other processes can be made to fail here; else what is missing. */
export const missingStrace = (): string | undefined => {
  const { status, error } = spawnSync('strace', ['-e', 'trace=fsync', '-o', '/dev/null', 'true']);
  if (error !== undefined) return 'strace is not installed: apt-get install -y --no-install-recommends strace';
  return status === 0 ? undefined : 'strace may not look into other processes here';
};

export const fsync: Drill = async ({ seed, long }) => {
  const missing = missingStrace();
  if (missing !== undefined) return [stated('left out', missing)];
  const chance = random(seed, 'fsync');
  const times = long ? TIMES_LONG : TIMES;
  const home = installSite(SITE_FILE, 'snapshotEveryMs: 2000\n');
  const day = await simulateDay(home.folder, SITE_FILE, { start: START, minutes: DAY_MINUTES });
  const service = await home.start();
  const sender = await startSender(service.mqttPort, SENDER, measure);
  const gateway = home.launch(
    'gateway',
    `--site=${GATEWAY.site}`,
    `--id=${GATEWAY.gateway}`,
    `--mqtt=mqtt://127.0.0.1:${service.mqttPort}`,
    `--outbox=${join(home.folder, 'outbox')}`,
    '--reader=file',
    `--in=${day.reads}`,
    `--speed=${Math.max(1, Math.round((DAY_MINUTES * 60_000) / (times * ROUND_MS)))}`,
  );
  const failures = { postgres: 0, gateway: 0 };
  let recoveredMs = 0;
  for (let time = 0; time < times; time++) {
    await goesOn(sender.promised);
    await passes(chance.integer(0, 500));
    const postmaster = await eventually('Postgres runs', () => home.postgresPid(), RECOVERS_WITHIN_MS);
    const said = join(home.folder, `strace-${time}`);
    const isOfPostgres = time % 2 === 0 || hasEnded(gateway);
    const failed = await failSyncs(isOfPostgres ? [postmaster, ...descendants(postmaster)] : [gateway.pid], said);
    failures[isOfPostgres ? 'postgres' : 'gateway'] += failed;
    const from = performance.now();
    await goesOn(sender.promised);
    recoveredMs = Math.max(recoveredMs, performance.now() - from);
  }
  const code = await inTime('the gateway has its last receipt', gateway.ended, 180_000);
  await sender.finish();
  const database = await home.database();
  await ledgerIsThere(database);
  const { rows } = await database.query<{ last: number }>(
    'select max(j.seq) as last from journal j join stream s using (site, stream) where s.gateway = $1',
    [GATEWAY.gateway],
  );
  return [
    stated('times that disks failed for a second', String(times)),
    atLeast('fsyncs of Postgres that failed', 1, failures.postgres),
    atLeast('fsyncs of the gateway that failed', 1, failures.gateway),
    exactly('the gateway says so', 'yes', /cannot be written|disk/.test(gateway.output()) ? 'yes' : 'no'),
    stated('acknowledges again after, at most', `${(recoveredMs / 1000).toFixed(1)} s`),
    exactly('the gateway ends with', 'exit 0', `exit ${code}`),
    ...(await onceEach(database, { [GATEWAY.gateway]: rows[0]!.last, [SENDER.gateway]: sender.sent() })),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    await verified(home),
    sameHistory(await effective(database), await derived(day.reads)),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

const hasEnded = ({ child }: Process): boolean => child.exitCode !== null || child.signalCode !== null;

/** Every fsync of these processes and of those that they start fails for a while; how many did. */
async function failSyncs(pids: readonly number[], said: string): Promise<number> {
  const strace = spawn(
    'strace',
    [
      '-f',
      '-qq',
      '-o',
      said,
      '-e',
      'trace=fsync,fdatasync',
      '-e',
      'inject=fsync,fdatasync:error=EIO',
      ...pids.flatMap((pid) => ['-p', String(pid)]),
    ],
    { stdio: 'ignore' },
  );
  const ended = once(strace, 'exit');
  closeAfterTest(() => strace.kill('SIGKILL'));
  await passes(FAILS_MS);
  strace.kill('SIGTERM'); // it lets go of them, and they go on
  await inTime('strace lets go', ended, 30_000);
  return existsSync(said) ? (readFileSync(said, 'utf8').match(/\(INJECTED\)/g)?.length ?? 0) : 0;
}

async function goesOn(promised: ReadonlySet<number>): Promise<void> {
  const until = promised.size + 50;
  await eventually('envelopes are acknowledged', () => promised.size > until, RECOVERS_WITHIN_MS);
}
