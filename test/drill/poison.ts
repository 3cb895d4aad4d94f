// Half of all messages are garbage: the good ones come through as if it were not there, every bad one is in quarantine or
// counted with its reason, and memory stays where it is (promise P8).
import mqtt from 'mqtt';
import { random } from '../../simulators/random.ts';
import type { Pool } from '../../src/store/database.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { startSender, type Sender } from '../support/drill.ts';
import { connectPeer } from '../support/mqttPeer.ts';
import { installSite, mebibytes } from '../support/serviceProcess.ts';
import { eventually, inTime, passes } from '../support/wait.ts';
import { atLeast, atMost, exactly, stated, type Drill } from './figure.ts';
import { garbage, GARBAGE_KINDS, huge } from './garbage.ts';
import { ledgerIsThere, measure, onceEach, SITE, SITE_FILE } from './history.ts';

const SECONDS = 20;
const SECONDS_LONG = 300;
/** What good gateways send, together: a quarter of what this service takes of them alone, on two cores. */
const GOOD_PER_SECOND = 250;
const THROUGHPUT_PERCENT_MIN = 90;
const WARM_UP_MS = 1000;
const CLEAN_MS = 3000;
/** As fast as it goes, which is only stated: who sends as much garbage as good takes its share of the machine. */
const FULL_MS = 2000;
/** A heap of this size moves by as much with good messages alone. */
const GROWTH_MIB_MAX = 150;
const HUGE_EVERY_MS = 200;
const FOOL_IN_FLIGHT_MAX = 16;

export const poison: Drill = async ({ seed, long }) => {
  const part = ((long ? SECONDS_LONG : SECONDS) * 1000) / 2;
  const home = installSite(SITE_FILE);
  const service = await home.start();
  const sendAs = (gateway: string, perSecondMax?: number): Promise<Sender> =>
    startSender(service.mqttPort, { site: SITE, gateway }, measure, perSecondMax === undefined ? {} : { perSecondMax });
  const full = await sendAs('gw-2');
  await passes(WARM_UP_MS);
  const fullClean = await rateOf(full, FULL_MS);
  const fool = startFool(service.mqttPort, seed);
  fool.follow(full);
  const fullSpoiled = await rateOf(full, FULL_MS);
  await fool.pause();
  await full.finish();

  // In turns, without and with: what changes with time changes both.
  const paced = await sendAs('gw-1', GOOD_PER_SECOND);
  await passes(WARM_UP_MS);
  const clean = [await rateOf(paced, CLEAN_MS)];
  const before = mebibytes(service.pid);
  fool.follow(paced);
  const spoiled = [await rateOf(paced, part)];
  await fool.pause();
  clean.push(await rateOf(paced, CLEAN_MS));
  fool.follow(paced);
  spoiled.push(await rateOf(paced, part));
  await fool.finish();
  const after = mebibytes(service.pid);
  await paced.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  const once = await onceEach(database, { 'gw-1': paced.sent(), 'gw-2': full.sent() });
  const reasons = await reasonsOf(database);
  const aside = Object.values(reasons).reduce((sum, times) => sum + times, 0);
  const metrics = await service.get<string>('/metrics');
  const refused = Number(/^tallygate_mqtt_refused (\d+)/m.exec(metrics)?.[1]);
  return [
    stated('good envelopes', String(paced.sent() + full.sent())),
    stated(`bad messages, of ${GARBAGE_KINDS} kinds`, String(fool.sent())),
    exactly('bad ones acknowledged', fool.sent(), fool.acknowledged()),
    exactly('bad ones in quarantine, with a reason', fool.sent(), aside),
    exactly('of these, a mistake of ours', 0, reasons['defect'] ?? 0),
    exactly('packets that announce 256 MiB: refused and counted', fool.huge(), refused),
    ...once,
    atLeast(
      `good ones a second, of ${Math.round(mean(clean))} without garbage`,
      THROUGHPUT_PERCENT_MIN,
      (100 * mean(spoiled)) / mean(clean),
      ' %',
    ),
    stated(
      'the same as fast as it goes, which is shared with the bad ones',
      `${Math.round(fullSpoiled)} of ${Math.round(fullClean)}`,
    ),
    atMost(`memory grows from ${Math.round(before)} MiB by`, GROWTH_MIB_MAX, Math.max(0, after - before), ' MiB'),
    ...Object.entries(reasons).map(([code, times]) => stated(`reason ${code}`, String(times))),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Good envelopes a second over so long. */
async function rateOf(sender: Sender, ms: number): Promise<number> {
  const from = { at: performance.now(), promised: sender.promised.size };
  await passes(ms);
  return ((sender.promised.size - from.promised) * 1000) / (performance.now() - from.at);
}

interface Fool {
  readonly sent: () => number;
  readonly acknowledged: () => number;
  readonly huge: () => number;
  /** Sends no more for now; resolves when all that it sent is acknowledged. */
  readonly pause: () => Promise<void>;
  /** From now on one bad message for every good one that this sender has acknowledged. */
  readonly follow: (sender: Sender) => void;
  readonly finish: () => Promise<void>;
}

/** One bad message for every good one, and now and then a packet that is never to end. */
function startFool(port: number, seed: number): Fool {
  const chance = random(seed, 'poison');
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { clientId: 'fool', reconnectPeriod: 0, keepalive: 60 });
  client.on('error', () => {}); // told by what is not acknowledged
  closeAfterTest(() => client.endAsync(true));
  let [sent, acknowledged, hugeOnes] = [0, 0, 0];
  let followed: Sender | undefined;
  let hugeAt = 0;
  let allowed = 0;
  const turn = (): void => {
    if (followed === undefined) return;
    for (; sent - acknowledged < FOOL_IN_FLIGHT_MAX && allowed < followed.promised.size; allowed++) {
      const { topic, payload } = garbage(++sent, chance);
      client.publish(topic, payload, { qos: 1 }, (error) => {
        if (!error) acknowledged++;
      });
    }
    if (performance.now() >= hugeAt) {
      hugeAt = performance.now() + HUGE_EVERY_MS;
      void sendHuge(port).then((isRefused) => (hugeOnes += Number(isRefused)));
    }
  };
  const timer = setInterval(turn, 1);
  closeAfterTest(() => clearInterval(timer));
  const pause = async (): Promise<void> => {
    followed = undefined;
    await eventually('the fool is answered', () => sent === acknowledged, 30_000);
  };
  return {
    sent: () => sent,
    acknowledged: () => acknowledged,
    huge: () => hugeOnes,
    pause,
    follow(sender) {
      allowed = sender.promised.size;
      followed = sender;
    },
    async finish() {
      await pause();
      clearInterval(timer);
      await inTime('the fool leaves', client.endAsync());
    },
  };
}

/** True when its connection was ended. */
async function sendHuge(port: number): Promise<boolean> {
  const peer = await connectPeer(port);
  peer.write(huge());
  return eventually('what announces 256 MiB is shown the door', () => peer.isClosed());
}

/** What came of bad messages, by the code of the reason. */
async function reasonsOf(database: Pool): Promise<Record<string, number>> {
  const { rows } = await database.query<{ code: string; times: number }>(
    'select code, sum(times)::int as times from quarantine group by 1 order by 2 desc',
  );
  return Object.fromEntries(rows.map(({ code, times }) => [code, times]));
}
