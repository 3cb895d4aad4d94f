// The service's process of the benchmark: the engine on the Postgres it is told of, or, for the ceiling, the same broker that
// only parses what it gets.
import { openBroker } from '../../src/intake/broker.ts';
import { openBrokerLink } from '../../src/intake/brokerLink.ts';
import { serviceConfig } from '../../src/config/service.ts';
import { startEngine } from '../../src/run/engine.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { envelopeTopic } from '../../src/wire/topics.ts';
import { brokerAt } from '../support/externalBroker.ts';
import { benchSite, SITE, siteName } from './traffic.ts';

export interface ServiceOrder {
  readonly kind: 'engine' | 'parse-only';
  readonly databaseUrl: string;
  /** Behind this broker instead of the embedded one. */
  readonly brokerUrl?: string;
  /** So many sites, shared with whoever else runs on the same database and broker; one when left out. */
  readonly sites?: number;
}

process.on('message', (message) => {
  if (message === null || typeof message !== 'object') return;
  if ('kind' in message) void serve(message as ServiceOrder);
  if ('exit' in message) process.exit(0); // in an orderly way, so that a profiler can write what it saw
});

async function serve({ kind, databaseUrl, brokerUrl, sites = 1 }: ServiceOrder): Promise<void> {
  const log = createLog({ level: 'warn', style: 'json' });
  const config = serviceConfig({}, {}, () => {});
  if (kind === 'parse-only' && brokerUrl !== undefined) {
    await parseOnly(brokerUrl);
    return;
  }
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
  const externalBroker = brokerUrl === undefined ? undefined : brokerAt(brokerUrl);
  const engine = await startEngine({
    config: { ...config, externalBroker },
    sites: Array.from({ length: sites }, (_, index) => ({ file: benchSite(siteName(index)) })),
    database: { url: databaseUrl, name: 'bench' },
    mqttPort: 0,
    log,
    clock: systemClock,
  });
  void engine.failed.then((error) => console.error('engine failed', error));
  let movements = 0;
  let through = 0;
  engine.posted$.subscribe(({ effects }) => {
    for (const { transactions } of effects) {
      movements += transactions.length;
      through += transactions.filter(({ to }) => to?.startsWith('DOCK-')).length;
    }
  });
  process.send!({ port: engine.mqttPort });
  process.on('message', (message) => {
    if (message !== null && typeof message === 'object' && 'ask' in message) {
      const health = engine.health().sites;
      const live = engine.sites.bySite.get(SITE);
      process.send!({
        lagRows: health.reduce((sum, { lagRows }) => sum + lagRows, 0),
        held: engine.sites.bySite.size,
        consumed: engine.figures.commit.fresh,
        movements,
        through,
        offset: live?.postedTo ?? 0,
        memory: process.memoryUsage().rss,
        cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
      });
    }
  });
}

/** The ceiling of a broker that is not ours: a session like ours that parses what it gets, acknowledges, and does no more. */
async function parseOnly(url: string): Promise<void> {
  let consumed = 0;
  const gate = { isClosed: () => false, whenOpen: () => {} };
  const link = await openBrokerLink(
    { url, clientId: 'ceiling', version: 5, gate },
    ({ payload, acknowledge }) => {
      JSON.parse(payload.toString());
      consumed++;
      acknowledge();
    },
    new AbortController().signal,
  );
  await link.subscribe([envelopeTopic(SITE, '+')]);
  process.send!({ port: 0 });
  process.on('message', (message) => {
    if (message !== null && typeof message === 'object' && 'ask' in message) process.send!({ lagRows: 0, consumed });
  });
}
