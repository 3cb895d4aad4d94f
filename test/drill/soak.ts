// Typical traffic for a long time: memory and open handles stay where they are. The simulated day goes faster than a real one,
// so that an hour sees a shift of it.
import { readdirSync } from 'node:fs';
import { installSite, mebibytes, type Service } from '../support/serviceProcess.ts';
import { eventually, inTime, passes } from '../support/wait.ts';
import { atLeast, atMost, exactly, stated, type Drill, type Figure } from './figure.ts';
import { count, ledgerIsThere, SITE_FILE, verified } from './history.ts';
import { growth, thirds } from './memory.ts';

const SPEED = 8;
const MINUTES = 0.75;
const MINUTES_LONG = 60;
const LOOK_MS = 1000;
/** Instead of three days: the shift sees what is left of its items. */
const SETTLED_AFTER_MS = 1_800_000;
/** What the stock of a shift more may take, and a heap that breathes. */
const GROWTH_MIB_MAX = 150;
const HANDLES_MAX = 10;

/** What a process holds at one moment. */
interface Look {
  readonly atMs: number;
  readonly memoryMib: number;
  readonly handles: number;
}

export const soak: Drill = async ({ seed, long }) => {
  const minutes = long ? MINUTES_LONG : MINUTES;
  const home = installSite(SITE_FILE, `rules: { settledAfterMs: ${SETTLED_AFTER_MS} }\n`);
  const service = await home.start();
  const traffic = home.launch(
    'simulate',
    `--site=${SITE_FILE}`,
    '--level=typical',
    `--seed=${seed}`,
    `--speed=${SPEED}`,
    `--minutes=${minutes * SPEED}`,
    `--mqtt=mqtt://127.0.0.1:${service.mqttPort}`,
  );
  const looks: Look[] = [];
  const from = performance.now();
  while (performance.now() - from < minutes * 60_000) {
    await passes(LOOK_MS);
    looks.push(lookAt(service, performance.now() - from));
  }
  const code = await inTime('the simulation ends', traffic.ended, 120_000);
  const database = await home.database();
  await ledgerIsThere(database);
  const reads = await eventually('its figures', async () => readsOf(await service.get<string>('/metrics')));
  return [
    stated('minutes of typical traffic', `${minutes}, ${SPEED} times as fast`),
    exactly('the simulation ends with', 'exit 0', `exit ${code}`),
    atLeast('reads', 1000 * minutes, reads),
    atLeast('movements', 1, await count(database, 'transaction')),
    ...slopes(looks, long),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

const lookAt = ({ pid }: Service, atMs: number): Look => ({
  atMs,
  memoryMib: mebibytes(pid),
  handles: readdirSync(`/proc/${pid}/fd`).length,
});

const readsOf = (metrics: string): number | undefined => {
  const [, value] = /^tallygate_reads_total(?:\{[^}]*\})? (\d+)/m.exec(metrics) ?? [];
  return value === undefined ? undefined : Number(value);
};

/** The last third against the one before. */
function slopes(looks: readonly Look[], long: boolean): Figure[] {
  const hours = (looks.at(-1)!.atMs - looks[0]!.atMs) / 3 / 3_600_000;
  const [middle, last] = thirds(looks, ({ memoryMib }) => memoryMib);
  const [handles, handlesLast] = thirds(looks, (look) => look.handles);
  return [
    growth(
      looks.map(({ memoryMib }) => memoryMib),
      GROWTH_MIB_MAX,
    ),
    // Of a minute it would say nothing.
    ...(long ? [stated('that is, an hour', `${((last - middle) / hours).toFixed(1)} MiB`)] : []),
    atMost('open handles more', HANDLES_MAX, handlesLast - handles),
  ];
}
