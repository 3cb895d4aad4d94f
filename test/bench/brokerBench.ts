// How fast it is behind a broker that is not ours, as a share of what that broker itself gives: `npm run bench:broker`. A Mosquitto
// of its own, configured as the README says, on loopback; generator, broker, service and Postgres share the cores.
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
import { READS_PER_ENVELOPE } from './traffic.ts';

interface Asked {
  readonly consumed: number;
  readonly lagRows: number;
}

const undo: (() => unknown)[] = [];
const close = (step: () => unknown): void => void undo.push(step);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '8' } } });
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
  const ceiling = await readsPerSecond('parse-only', postgres.url, seconds, 1);
  const ledger = await readsPerSecond('engine', postgres.url, seconds, 2);
  const count = (value: number): string => Math.round(value).toLocaleString('en');
  process.stdout.write(
    [
      `machine                                    ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`,
      `ceiling: Mosquitto to a session that parses  ${count(ceiling)} reads/s`,
      `reads to committed ledger                    ${count(ledger)} reads/s (${((ledger / ceiling) * 100).toFixed(0)} % of the ceiling)`,
      '',
    ].join('\n'),
  );
}

/** From the first message to the last one consumed and, of the service, in the ledger: what the broker queues counts as not yet done. */
async function readsPerSecond(
  kind: ServiceOrder['kind'],
  databaseUrl: string,
  seconds: number,
  run: number,
): Promise<number> {
  const mosquitto = await openMosquitto(close);
  const child = start('service.ts');
  try {
    child.send({ kind, databaseUrl, brokerUrl: mosquitto.url } satisfies ServiceOrder);
    await answer(child);
    const startedAt = performance.now();
    const sent = await load({
      port: mosquitto.port,
      seconds,
      window: 200,
      readsPerSecond: 0,
      expectedReadsPerSecond: 200_000,
      run,
    });
    for (;;) {
      child.send({ ask: true });
      const { consumed, lagRows } = await answer<Asked>(child);
      if (consumed >= sent.envelopes && lagRows === 0) break;
      await sleep(20);
    }
    return (sent.envelopes * READS_PER_ENVELOPE) / ((performance.now() - startedAt) / 1000);
  } finally {
    child.kill('SIGKILL');
    await mosquitto.kill();
  }
}

try {
  await main();
} finally {
  for (const step of undo.toReversed()) await step();
}
