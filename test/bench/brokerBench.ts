// How fast it is behind a broker that is not ours, as a share of what that broker itself gives: `npm run bench:broker`. A Mosquitto
// of its own, configured as the README says, on loopback; generator, broker, service and Postgres share the cores. With
// `--processes 2` as many sites, by one process that has them all and by so many that share them.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog } from '../../src/kit/log.ts';
import { sleep } from '../../src/kit/sleep.ts';
import { openClient } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { missingMosquitto, openMosquitto } from '../support/mosquitto.ts';
import { answer, load, start } from './bench.ts';
import type { ServiceOrder } from './service.ts';
import { READS_PER_ENVELOPE, siteName } from './traffic.ts';

interface Asked {
  readonly consumed: number;
  readonly lagRows: number;
  /** Sites that it has; the ceiling has none to share. */
  readonly held?: number;
}

const SHARED_WITHIN_MS = 30_000;

const undo: (() => unknown)[] = [];
const close = (step: () => unknown): void => void undo.push(step);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '8' }, processes: { type: 'string', default: '1' } },
  });
  const missing = missingMosquitto();
  if (missing !== undefined) throw new Error(missing);
  const folder = await mkdtemp(join(tmpdir(), 'tallygate-bench-'));
  close(() => rm(folder, { recursive: true, force: true }));
  const log = createLog({ style: 'silent' });
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log });
  close(() => postgres.stop());
  const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner' });
  await migrate(owner, log);
  await owner.end();
  const seconds = Math.max(2, Number(values.seconds));
  const processes = Math.max(1, Number(values.processes));
  const run = (kind: ServiceOrder['kind'], of: number, sites: number, number: number): Promise<number> =>
    readsPerSecond({ kind, databaseUrl: postgres.url, sites }, of, seconds, number);
  const ceiling = await run('parse-only', 1, 1, 1);
  const ledger = await run('engine', 1, processes, 2);
  const shared = processes === 1 ? undefined : await run('engine', processes, processes, 3);
  const count = (value: number): string => Math.round(value).toLocaleString('en');
  process.stdout.write(
    [
      `machine                                    ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`,
      `ceiling: Mosquitto to a session that parses  ${count(ceiling)} reads/s`,
      `reads to committed ledger                    ${count(ledger)} reads/s (${((ledger / ceiling) * 100).toFixed(0)} % of the ceiling)`,
      ...(shared === undefined
        ? []
        : [
            `the same by ${processes} processes                  ${count(shared)} reads/s (${(shared / ledger).toFixed(2)} of one process, ${processes} sites each time)`,
          ]),
      '',
    ].join('\n'),
  );
}

/** From the first message to the last one consumed and, of the service, in the ledger: what the broker queues counts as not yet done. */
async function readsPerSecond(order: ServiceOrder, processes: number, seconds: number, run: number): Promise<number> {
  const mosquitto = await openMosquitto(close);
  const services = Array.from({ length: processes }, () => start('service.ts'));
  const ask = async (): Promise<readonly Asked[]> => {
    for (const child of services) child.send({ ask: true });
    return Promise.all(services.map((child) => answer<Asked>(child)));
  };
  try {
    for (const child of services) {
      child.send({ ...order, brokerUrl: mosquitto.url } satisfies ServiceOrder);
      await answer(child);
    }
    const sites = order.sites ?? 1;
    if (processes > 1) await sharedEvenly(ask, sites / processes);
    const startedAt = performance.now();
    const loads = Array.from({ length: sites }, (_, index) =>
      load({
        port: mosquitto.port,
        seconds,
        window: 200,
        readsPerSecond: 0,
        expectedReadsPerSecond: 200_000,
        run: run * 100 + index,
        site: siteName(index),
      }),
    );
    const sent = (await Promise.all(loads)).reduce((sum, { envelopes }) => sum + envelopes, 0);
    for (;;) {
      const asked = await ask();
      const consumed = asked.reduce((sum, one) => sum + one.consumed, 0);
      if (consumed >= sent && asked.every(({ lagRows }) => lagRows === 0)) break;
      await sleep(20);
    }
    return (sent * READS_PER_ENVELOPE) / ((performance.now() - startedAt) / 1000);
  } finally {
    for (const child of services) child.kill('SIGKILL');
    await mosquitto.kill();
  }
}

/** Each has its part of the sites. */
async function sharedEvenly(ask: () => Promise<readonly Asked[]>, part: number): Promise<void> {
  const until = performance.now() + SHARED_WITHIN_MS;
  while (!(await ask()).every(({ held }) => held === part)) {
    if (performance.now() > until) throw new Error('the processes do not come to share the sites');
    await sleep(200);
  }
}

try {
  await main();
} finally {
  for (const step of undo.toReversed()) await step();
}
