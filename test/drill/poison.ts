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
const THROUGHPUT_PERCENT_MIN = 70;
/** What the same process may grow by: its heap is not bounded tighter than this by anything but what it needs. */
const GROWTH_MIB_MAX = 150;
const HUGE_EVERY_MS = 200;
const FOOL_IN_FLIGHT_MAX = 16;

export const poison: Drill = async ({ seed, long }) => {
  const seconds = long ? SECONDS_LONG : SECONDS;
  const home = installSite(SITE_FILE);
  const service = await home.start();
  const sender = await startSender(service.mqttPort, { site: SITE, gateway: 'gw-1' }, measure);
  // In four parts, without and with: what changes with time changes both.
  const part = (seconds * 1000) / 2;
  await passes(3000);
  const clean = [await rateOf(sender, part)];
  const before = mebibytes(service.pid);
  const fool = startFool(service.mqttPort, seed, sender);
  const spoiled = [await rateOf(sender, part)];
  await fool.pause();
  clean.push(await rateOf(sender, part));
  fool.go();
  spoiled.push(await rateOf(sender, part));
  await fool.finish();
  const after = mebibytes(service.pid);
  await sender.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  const once = await onceEach(database, { 'gw-1': sender.sent() });
  const reasons = await reasonsOf(database);
  const aside = Object.values(reasons).reduce((sum, times) => sum + times, 0);
  const metrics = await service.get<string>('/metrics');
  const refused = Number(/^tallygate_mqtt_refused (\d+)/m.exec(metrics)?.[1]);
  const sum = (rates: readonly number[]): number => rates.reduce((total, rate) => total + rate, 0);
  return [
    stated(`good envelopes, ${seconds} s with garbage and ${seconds} s without`, String(sender.sent())),
    stated(`bad messages, of ${GARBAGE_KINDS} kinds`, String(fool.acknowledged())),
    exactly('bad ones acknowledged', fool.sent(), fool.acknowledged()),
    exactly('bad ones in quarantine, with a reason', fool.sent(), aside),
    exactly('reasons that are our own mistake', 0, reasons['defect'] ?? 0),
    exactly('packets that announce 256 MiB: refused and counted', fool.huge(), refused),
    ...once,
    atLeast(
      `good ones a second, ${Math.round(sum(spoiled) / 2)} beside ${Math.round(sum(clean) / 2)} without garbage`,
      THROUGHPUT_PERCENT_MIN,
      (100 * sum(spoiled)) / sum(clean),
      ' %',
    ),
    atMost(`memory grows from ${Math.round(before)} MiB by`, GROWTH_MIB_MAX, Math.max(0, after - before), ' MiB'),
    stated(
      'reasons',
      Object.entries(reasons)
        .map(([code, times]) => `${code} ${times}`)
        .join(', '),
    ),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

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
  readonly go: () => void;
  readonly finish: () => Promise<void>;
}

/** One bad message for every good one that is acknowledged, and now and then a packet that is never to end. */
function startFool(port: number, seed: number, sender: Sender): Fool {
  const chance = random(seed, 'poison');
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { clientId: 'fool', reconnectPeriod: 0, keepalive: 60 });
  client.on('error', () => {}); // told by what is not acknowledged
  closeAfterTest(() => client.endAsync(true));
  let [sent, acknowledged, hugeOnes] = [0, 0, 0];
  let isPaused = false;
  let hugeAt = 0;
  let allowed = sender.promised.size;
  const turn = (): void => {
    if (isPaused) return;
    for (; sent - acknowledged < FOOL_IN_FLIGHT_MAX && allowed < sender.promised.size; allowed++) {
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
    isPaused = true;
    await eventually('the fool is answered', () => sent === acknowledged, 30_000);
  };
  return {
    sent: () => sent,
    acknowledged: () => acknowledged,
    huge: () => hugeOnes,
    pause,
    go() {
      allowed = sender.promised.size;
      isPaused = false;
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
