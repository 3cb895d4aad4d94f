// Kill -9 of the service, of its Postgres and of the gateway at any moment under load: what was acknowledged is there, once;
// the ledger is what the journal says and what an undisturbed derivation of the same reads says; and that is what happened
// (promises P1 to P3).
import { join } from 'node:path';
import { random } from '../../simulators/random.ts';
import { f1, score, type Crossing } from '../../simulators/score/match.ts';
import { fillOutbox, launchGateway, simulateDay, startSender } from '../support/drill.ts';
import { installSite } from '../support/serviceProcess.ts';
import { eventually, inTime } from '../support/wait.ts';
import { atLeast, exactly, type Drill } from './figure.ts';
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
const VICTIMS = ['service', 'postgres', 'gateway'] as const;
const KILLS = 6;
const KILLS_LONG = 200;
const MINUTES = 5;
const MINUTES_LONG = 10;

export const kill: Drill = async ({ seed, long }) => {
  const chance = random(seed, 'kill');
  // Snapshots come often, so that recovery begins at one.
  const home = installSite(SITE_FILE, 'snapshotEveryMs: 2000\n');
  const day = await simulateDay(home.folder, SITE_FILE, { start: START, minutes: long ? MINUTES_LONG : MINUTES });
  const outbox = join(home.folder, 'outbox');
  const envelopes = await fillOutbox(outbox, day.reads, GATEWAY);

  let service = await home.start();
  const port = service.mqttPort;
  const launch = () => launchGateway(home, GATEWAY, port, outbox);
  let gateway = launch();
  const sender = await startSender(port, SENDER, measure);

  const kills = long ? KILLS_LONG : KILLS;
  const victims = chance.shuffled(Array.from({ length: kills }, (_, index) => VICTIMS[index % VICTIMS.length]!));
  for (const victim of victims) {
    const until = sender.promised.size + chance.integer(20, 300);
    await eventually('there is load', () => sender.promised.size >= until, 60_000);
    if (victim === 'postgres') {
      const pid = await eventually('Postgres runs', () => home.postgresPid(), 60_000);
      process.kill(pid, 'SIGKILL');
    } else if (victim === 'gateway') {
      await gateway.kill();
      gateway = launch();
    } else {
      await service.kill();
      service = await home.start({ TALLYGATE_MQTT_PORT: String(port) });
    }
  }
  const code = await inTime('the gateway has its last receipt', gateway.ended, 180_000);
  await sender.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  const once = await onceEach(database, { [GATEWAY.gateway]: envelopes, [SENDER.gateway]: sender.sent() });
  const aside = await count(database, 'quarantine');
  const gaps = await count(database, 'gap');
  const movements = await effective(database);
  const history = sameHistory(movements, await derived(day.reads));
  const agrees = await verified(home);
  const decided = movements.flatMap(({ epc, happenedAt, readPoint, to }): Crossing[] =>
    readPoint?.startsWith('DOOR-')
      ? [{ epc: epc!, at: Date.parse(happenedAt), readPoint, direction: to === 'world' ? 'out' : 'in' }]
      : [],
  );
  const truth = score(day.crossings, decided, 5000);
  return [
    exactly('kill -9 of service, gateway or Postgres', kills, victims.length),
    atLeast('crossings of the day', 100, day.crossings.length),
    exactly('the gateway ends with', 'exit 0', `exit ${code}`),
    ...once,
    exactly('set aside, or told as a gap', 0, aside + gaps),
    agrees,
    history,
    atLeast('F1 of crossings against what happened', 90, 100 * f1(truth), ' %'),
    exactly('crossings the wrong way', 0, truth.directionErrors),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};
