// InfluxDB is away: first it hangs, then it is killed, and the service with it, which starts without it. Readers and ledger notice
// nothing; what InfluxDB missed it has in the end, every measure once (decision D3).
import { join } from 'node:path';
import type { Pool } from '../../src/store/database.ts';
import { fillOutbox, launchGateway, simulateDay, startSender, type Sender } from '../support/drill.ts';
import { missingInflux, openInflux, type Influx } from '../support/influx.ts';
import { installSite } from '../support/serviceProcess.ts';
import { eventually, inTime, passes } from '../support/wait.ts';
import { atLeast, exactly, quantile, stated, type Drill } from './figure.ts';
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
import { growth, memoryIn } from './memory.ts';

const GATEWAY = { site: SITE, gateway: 'gw-1' };
const SENDER = { site: SITE, gateway: 'gw-2' };
const DATABASE = 'drill';
const AWAY_MS = 6000;
const AWAY_LONG_MS = 600_000;
const PER_SECOND = 100;
/** Of what is sent; a machine with other work may be slower. */
const ACKNOWLEDGED_MIN = 0.5;
const GROWTH_MIB_MAX = 150;
const CAUGHT_UP_WITHIN_MS = 180_000;

export const influx: Drill = async ({ seed, long }) => {
  const missing = missingInflux();
  if (missing !== undefined) return [stated('left out', missing)];
  const awayMs = long ? AWAY_LONG_MS : AWAY_MS;
  const server = await openInflux();
  const home = installSite(SITE_FILE);
  home.environment['TALLYGATE_INFLUX_URL'] = server.url;
  home.environment['TALLYGATE_INFLUX_BUCKET'] = DATABASE;
  const day = await simulateDay(home.folder, SITE_FILE, { start: START, minutes: 3, seed });
  const outbox = join(home.folder, 'outbox');
  const envelopes = await fillOutbox(outbox, day.reads, GATEWAY);

  let service = await home.start();
  const sender = await startSender(service.mqttPort, SENDER, measure, { perSecondMax: PER_SECOND });
  await eventually('measures arrive', async () => (await pointsIn(server)) > 100, CAUGHT_UP_WITHIN_MS);
  sender.takeLatenciesMs();

  server.hang(true);
  const gateway = launchGateway(home, GATEWAY, service.mqttPort, outbox);
  const hung = acknowledgedIn(sender, awayMs);
  const looks = await memoryIn(service, awayMs);
  const hanging = await hung;
  const gatewayEnds = await inTime('the gateway has its last receipt', gateway.ended, 180_000);
  server.hang(false);
  await server.kill();
  await service.kill();
  service = await home.start({ TALLYGATE_MQTT_PORT: String(service.mqttPort) });
  const killed = await acknowledgedIn(sender, awayMs);
  await sender.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  const behind = await rowsBehind(database);
  const from = performance.now();
  await server.start();
  await eventually('InfluxDB has everything', async () => (await rowsBehind(database)) === 0, CAUGHT_UP_WITHIN_MS);
  const caughtUpMs = performance.now() - from;
  return [
    stated('InfluxDB hangs (SIGSTOP), then is killed with the service, each', `${awayMs / 1000} s`),
    ...[hanging, killed].flatMap(({ acknowledged, latencies }, index) => [
      atLeast(
        `acknowledged while it ${index === 0 ? 'hangs' : 'is gone'}`,
        Math.round((ACKNOWLEDGED_MIN * PER_SECOND * awayMs) / 1000),
        acknowledged,
      ),
      stated('PUBACK, p99', `${Math.round(quantile(latencies, 0.99))} ms`),
    ]),
    growth(looks, GROWTH_MIB_MAX),
    exactly('the gateway ends with', 'exit 0', `exit ${gatewayEnds}`),
    ...(await onceEach(database, { [GATEWAY.gateway]: envelopes, [SENDER.gateway]: sender.sent() })),
    atLeast('rows that InfluxDB lacked when it came back', 1, behind),
    stated('has them after', `${(caughtUpMs / 1000).toFixed(1)} s`),
    exactly('measures in InfluxDB', sender.sent(), await pointsIn(server)),
    sameHistory(await effective(database), await derived(day.reads)),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

/** Measures of the sender. */
async function pointsIn({ ask }: Influx): Promise<number> {
  const [row] = await ask(`select count(value) from "measure" where "name" = 'n'`, DATABASE).catch(() => []);
  return Number(row?.[1] ?? 0);
}

async function acknowledgedIn(
  sender: Sender,
  ms: number,
): Promise<{ readonly acknowledged: number; readonly latencies: readonly number[] }> {
  sender.takeLatenciesMs();
  const from = sender.promised.size;
  await passes(ms);
  return { acknowledged: sender.promised.size - from, latencies: sender.takeLatenciesMs() };
}

/** Rows of the journal that InfluxDB does not have yet. */
async function rowsBehind(database: Pool): Promise<number> {
  const { rows } = await database.query<{ behind: number }>(
    `select h.next_offset - 1 - coalesce(t.journal_offset, 0) as behind
     from journal_head h left join telemetry_cursor t on t.site = h.site and t.sink = 'influx'`,
  );
  return rows[0]!.behind;
}
