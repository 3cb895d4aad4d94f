// The network between a gateway and the service is bad: bytes come one at a time, nobody reads, everything is swallowed,
// connections are cut within a packet. Nothing is lost, nothing comes twice, and a gateway with a good line notices little.
import { random } from '../../simulators/random.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { startSender } from '../support/drill.ts';
import { installSite } from '../support/serviceProcess.ts';
import { openTcpProxy } from '../support/tcpProxy.ts';
import { eventually, passes } from '../support/wait.ts';
import { atLeast, atMost, exactly, quantile, stated, type Drill, type Figure } from './figure.ts';
import { count, ledgerIsThere, measure, onceEach, SITE, SITE_FILE, verified } from './history.ts';

const KEEPALIVE_SECONDS = 2;
const PHASE_MS = 4000;
const PHASE_LONG_MS = 60_000;
/** A broker ends a connection after one and a half keep-alives [MQTT-3.1.2-24], a client after one without an answer. */
const SWALLOW_MS = 3 * KEEPALIVE_SECONDS * 1000;
const PACKET_BYTES_MAX = 400;
const CUT_EVERY_MS = 150;
const UNDISTURBED_PER_SECOND = 100;
/** Of the undisturbed gateway, on a machine that does everything else as well. */
const PUBACK_MS_MAX = 1000;

export const wire: Drill = async ({ seed, long }) => {
  const chance = random(seed, 'wire');
  const phaseMs = long ? PHASE_LONG_MS : PHASE_MS;
  const home = installSite(SITE_FILE);
  const service = await home.start();
  const proxy = await openTcpProxy({ host: '127.0.0.1', port: service.mqttPort });
  closeAfterTest(() => proxy.close());
  const bad = await startSender(proxy.port, { site: SITE, gateway: 'gw-1' }, measure, {
    keepaliveSeconds: KEEPALIVE_SECONDS,
    perSecondMax: 200,
  });
  const good = await startSender(service.mqttPort, { site: SITE, gateway: 'gw-2' }, measure, {
    perSecondMax: UNDISTURBED_PER_SECOND,
  });
  await eventually('both are served', () => bad.promised.size > 20 && good.promised.size > 20);
  good.takeLatenciesMs();

  const figures: Figure[] = [];
  const phase = async (name: string, ms: number, isServed: boolean, begin: () => void, end: () => void) => {
    const from = bad.promised.size;
    begin();
    await passes(ms);
    const served = bad.promised.size - from;
    end();
    const until = bad.promised.size + 20;
    await eventually(`it goes on after: ${name}`, () => bad.promised.size > until, 30_000);
    if (isServed) figures.push(atLeast(`acknowledged, ${name}`, 1, served));
    const p99 = quantile(good.takeLatenciesMs(), 0.99);
    figures.push(atMost(`PUBACK of another gateway (p99), ${name}`, PUBACK_MS_MAX, p99, ' ms'));
  };
  await phase(
    'writes split at any byte',
    phaseMs,
    true,
    () => (proxy.pieceBytes = () => chance.integer(1, 7)),
    () => (proxy.pieceBytes = undefined),
  );
  await phase(
    'one byte at a time',
    phaseMs,
    true,
    () => (proxy.pieceBytes = () => 1),
    () => (proxy.pieceBytes = undefined),
  );
  await phase('nobody reads the answers', phaseMs, false, proxy.deafen, proxy.cut);
  await phase(
    'everything swallowed, nothing closed',
    SWALLOW_MS,
    false,
    () => (proxy.swallows = true),
    () => (proxy.swallows = false),
  );
  let cuts = 0;
  let timer: NodeJS.Timeout | undefined;
  await phase(
    'cut within a packet',
    phaseMs,
    true,
    () => {
      timer = setInterval(() => {
        proxy.cutWithin(chance.integer(1, PACKET_BYTES_MAX));
        cuts++;
      }, CUT_EVERY_MS);
    },
    () => clearInterval(timer),
  );
  await bad.finish();
  await good.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  return [
    ...figures,
    stated('connections cut within a packet', String(cuts)),
    ...(await onceEach(database, { 'gw-1': bad.sent(), 'gw-2': good.sent() })),
    exactly('connects of the other gateway', 1, good.connects()),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};
