// The clock of the machine jumps, hours ahead and hours back, while a day comes in: what happened keeps its times, and the
// history is that of a clock that never jumped (promises P3 and P7).
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../simulators/random.ts';
import { fillOutbox, launchGateway, simulateDay, startSender } from '../support/drill.ts';
import { installSite } from '../support/serviceProcess.ts';
import { eventually, inTime, passes } from '../support/wait.ts';
import { exactly, stated, type Drill } from './figure.ts';
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

/** Debian's package `faketime` puts it there. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
export const canFakeTime = existsSync(LIBRARY);

const GATEWAY = { site: SITE, gateway: 'gw-1' };
const SENDER = { site: SITE, gateway: 'gw-2' };
const MINUTES = 5;
const MINUTES_LONG = 30;
const JUMPS = 6;
const JUMPS_LONG = 60;
const HOURS_MAX = 36;

export const clock: Drill = async ({ seed, long }) => {
  if (!canFakeTime) return [stated('left out', 'libfaketime is not installed')];
  const chance = random(seed, 'clock');
  const home = installSite(SITE_FILE);
  const file = join(home.folder, 'clock');
  const jumpTo = (hours: number): void => writeFileSync(file, `${hours < 0 ? '' : '+'}${hours}h`);
  jumpTo(0);
  const day = await simulateDay(home.folder, SITE_FILE, { start: START, minutes: long ? MINUTES_LONG : MINUTES });
  const outbox = join(home.folder, 'outbox');
  const envelopes = await fillOutbox(outbox, day.reads, GATEWAY);
  const service = await home.start({
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  const gateway = launchGateway(home, GATEWAY, service.mqttPort, outbox);
  const sender = await startSender(service.mqttPort, SENDER, measure, { perSecondMax: 100 });
  const jumps = long ? JUMPS_LONG : JUMPS;
  let behindHours = 0;
  for (let jump = 1; jump <= jumps; jump++) {
    const until = sender.promised.size + 50;
    await eventually('there is load', () => sender.promised.size >= until, 60_000);
    const hours = jump === jumps ? 0 : chance.integer(-HOURS_MAX, HOURS_MAX);
    behindHours = Math.max(behindHours, Math.abs(hours));
    jumpTo(hours);
    await passes(1000);
  }
  const code = await inTime('the gateway has its last receipt', gateway.ended, 180_000);
  await sender.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  return [
    stated('jumps of the clock, and the furthest', `${jumps}, ${behindHours} h`),
    exactly('the gateway ends with', 'exit 0', `exit ${code}`),
    ...(await onceEach(database, { [GATEWAY.gateway]: envelopes, [SENDER.gateway]: sender.sent() })),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    sameHistory(await effective(database), await derived(day.reads)),
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};
