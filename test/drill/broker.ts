// Behind a broker that is not ours, on a Postgres that is not ours either where Debian's is installed: kill -9 of broker, service and
// Postgres at any moment under load. What had a receipt is
// in the journal, once; what had none comes again (promise P1, and section 4.1 of the design).
import { random } from '../../simulators/random.ts';
import { installBehind, isReady, more } from '../support/behindBroker.ts';
import { openPool, type Pool } from '../../src/store/database.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { missingPostgres, openDebianPostgres } from '../support/debianPostgres.ts';
import { missingMosquitto, openMosquitto } from '../support/mosquitto.ts';
import { startPromised } from '../support/promisedSender.ts';
import { eventually } from '../support/wait.ts';
import { exactly, stated, type Drill } from './figure.ts';
import { count, ledgerIsThere, onceEach, SITE, verified } from './history.ts';

const VICTIMS = ['broker', 'service', 'postgres'] as const;
const KILLS = 3;
const KILLS_LONG = 60;

function openTestPool(url: string): Pool {
  const pool = openPool({ url, name: 'drill', max: 2, role: 'owner', onError: () => {} });
  closeAfterTest(() => pool.end());
  return pool;
}

export const broker: Drill = async ({ seed, long }) => {
  const missing = missingMosquitto();
  if (missing !== undefined) return [stated('left out', missing)];
  const chance = random(seed, 'broker');
  const mosquitto = await openMosquitto(closeAfterTest);
  const external = missingPostgres() === undefined ? await openDebianPostgres(closeAfterTest) : undefined;
  const home = installBehind(mosquitto.url, [SITE], external && { TALLYGATE_DATABASE_URL: external.url });
  let service = await home.start();
  const sender = await startPromised(mosquitto.url, { site: SITE, gateway: 'gw-1' }, closeAfterTest);
  const kills = long ? KILLS_LONG : KILLS;
  const victims = chance.shuffled(Array.from({ length: kills }, (_, index) => VICTIMS[index % VICTIMS.length]!));
  for (const victim of victims) {
    await more(sender, chance.integer(50, 400));
    if (victim === 'broker') {
      await mosquitto.kill();
      await mosquitto.start();
    } else if (victim === 'postgres' && external !== undefined) {
      await external.kill();
      await external.start();
    } else if (victim === 'postgres') {
      const pid = await eventually('Postgres runs', () => home.postgresPid(), 60_000);
      process.kill(pid, 'SIGKILL');
    } else {
      await service.kill();
      service = await home.start();
    }
    await eventually('it is ready again', () => isReady(service), 60_000);
  }
  await more(sender, 100);
  await sender.finish();
  const database = external === undefined ? await home.database() : openTestPool(external.url);
  await ledgerIsThere(database);
  return [
    stated('Postgres', external === undefined ? 'embedded' : 'external'),
    exactly('kill -9 of Mosquitto, service or Postgres', kills, victims.length),
    exactly('receipts of what was sent', sender.sent(), sender.promised()),
    ...(await onceEach(database, { 'gw-1': sender.sent() })),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};
