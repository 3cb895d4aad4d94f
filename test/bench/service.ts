// The service's process of the benchmark: the engine on the Postgres it is told of, or, for the ceiling, the same broker that
// only parses what it gets.
import { openBroker } from '../../src/intake/broker.ts';
import { serviceConfig } from '../../src/config/service.ts';
import { startEngine } from '../../src/run/engine.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { benchSite, SITE } from './traffic.ts';

export interface ServiceOrder {
  readonly kind: 'engine' | 'parse-only';
  readonly databaseUrl: string;
}

process.on('message', (message) => {
  if (message === null || typeof message !== 'object') return;
  if ('kind' in message) void serve(message as ServiceOrder);
  if ('exit' in message) process.exit(0); // in an orderly way, so that a profiler can write what it saw
});

async function serve({ kind, databaseUrl }: ServiceOrder): Promise<void> {
  const log = createLog({ level: 'warn', style: 'json' });
  const config = serviceConfig({}, {}, () => {});
  if (kind === 'parse-only') {
    const broker = await openBroker({
      host: '127.0.0.1',
      port: 0,
      heldBytesMax: config.heldBytesMax,
      connectionsMax: 100,
      clock: systemClock,
      log,
    });
    broker.deliveries$.subscribe(({ payload, settle }) => {
      JSON.parse(payload.toString());
      settle();
    });
    broker.open();
    process.send!({ port: broker.port });
    return;
  }
  const engine = await startEngine({
    config,
    sites: [{ file: benchSite() }],
    database: { url: databaseUrl, name: 'bench' },
    mqttPort: 0,
    log,
    clock: systemClock,
  });
  void engine.failed.then((error) => console.error('engine failed', error));
  let movements = 0;
  engine.posted$.subscribe(({ effects }) => {
    for (const { transactions } of effects) movements += transactions.length;
  });
  process.send!({ port: engine.mqttPort });
  process.on('message', (message) => {
    if (message !== null && typeof message === 'object' && 'ask' in message) {
      const [health] = engine.health().sites;
      const live = engine.sites.bySite.get(SITE);
      process.send!({
        lagRows: health?.lagRows ?? 0,
        movements,
        offset: live?.postedTo ?? 0,
        memory: process.memoryUsage().rss,
        cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
      });
    }
  });
}
