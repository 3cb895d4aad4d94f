// The disk of the data folder runs full under load, and has room again later: nothing is confirmed that is not kept, the log says
// what to do, and when there is room everything goes on by itself (promise P1).
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAfterTest } from '../support/cleanUp.ts';
import { startSender } from '../support/drill.ts';
import { installSite } from '../support/serviceProcess.ts';
import { eventually, passes } from '../support/wait.ts';
import { exactly, stated, type Drill } from './figure.ts';
import { count, ledgerIsThere, measure, onceEach, SITE, SITE_FILE, verified } from './history.ts';

const DISK_MIB = 600;
const FULL_MS = 5000;
const FULL_LONG_MS = 300_000;
const TIMES = 2;
const TIMES_LONG = 20;
const RECOVERS_WITHIN_MS = 120_000;
const BLOCK = Buffer.alloc(65_536);

/** Whether this machine lets us mount a small disk: only root may, and not in every container. */
export const canMount = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-disk-'));
  try {
    mount(folder, 1);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
})();

export const disk: Drill = async ({ long }) => {
  if (!canMount) return [stated('left out', 'a small disk cannot be mounted: only root may')];
  const home = installSite(SITE_FILE);
  mkdirSync(home.dataDir);
  mount(home.dataDir, DISK_MIB);
  closeAfterTest(() => unmount(home.dataDir));
  const service = await home.start();
  const sender = await startSender(service.mqttPort, { site: SITE, gateway: 'gw-1' }, measure);
  const times = long ? TIMES_LONG : TIMES;
  const filler = join(home.dataDir, 'filler');
  let [told, recoveredMs] = [0, 0];
  for (let time = 0; time < times; time++) {
    await goesOn(sender.promised);
    const said = service.output().length;
    await fillUntilItStops(filler, sender.promised);
    await passes((long ? FULL_LONG_MS : FULL_MS) / times);
    told += Number(/disk of Postgres is full/.test(service.output().slice(said)));
    const from = performance.now();
    rmSync(filler);
    await goesOn(sender.promised);
    recoveredMs = Math.max(recoveredMs, performance.now() - from);
  }
  await sender.finish();
  const database = await home.database();
  await ledgerIsThere(database);
  return [
    stated('times that a full disk stopped it', String(times)),
    exactly('times that the log said so', times, told),
    stated('acknowledges again after, at most', `${(recoveredMs / 1000).toFixed(1)} s`),
    ...(await onceEach(database, { 'gw-1': sender.sent() })),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

function mount(folder: string, mebibytes: number): void {
  const options = `size=${mebibytes}m,mode=755`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder]);
}

/** Takes all the room there is, to the last block. */
function topUp(filler: string): void {
  const file = openSync(filler, 'a');
  try {
    for (;;) writeSync(file, BLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

const REST_MS = 2000;

/** Fills up what becomes free until nothing is acknowledged any more. */
async function fillUntilItStops(filler: string, promised: ReadonlySet<number>): Promise<void> {
  let [size, since] = [promised.size, performance.now()];
  await eventually(
    'nothing is acknowledged any more',
    () => {
      topUp(filler);
      if (promised.size !== size) [size, since] = [promised.size, performance.now()];
      return performance.now() - since > REST_MS;
    },
    60_000,
  );
}

async function goesOn(promised: ReadonlySet<number>): Promise<void> {
  const until = promised.size + 100;
  await eventually('envelopes are acknowledged', () => promised.size > until, RECOVERS_WITHIN_MS);
}
