// What a drill needs: a simulated day with its truth, a gateway whose outbox is full of it, and a sender that knows exactly
// what it was promised.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { fileReader } from '../../gateway/readers/file.ts';
import { scanFrames } from '../../gateway/frame.ts';
import { openGateway } from '../../gateway/gateway.ts';
import type { Crossing } from '../../simulators/score/match.ts';
import { parseSettings } from '../../simulators/settings.ts';
import { simulate } from '../../simulators/simulate.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { envelopeTopic } from '../../src/wire/topics.ts';
import { inTime } from './wait.ts';

export interface Day {
  /** Envelopes, as one gateway would have sent them. */
  readonly reads: string;
  /** What really went through the doors, tag by tag. */
  readonly crossings: readonly Crossing[];
}

interface TruthJson {
  readonly at: string;
  readonly epc: string;
  readonly from: string;
  readonly to: string;
  readonly readPoint: string | null;
  readonly movement: boolean;
  readonly tagged: boolean;
}

/** A day of a site: trucks come and go, pallets are put away and picked, under good radio. */
export async function simulateDay(
  folder: string,
  siteFile: string,
  { seed = 7, minutes = 10, start }: { seed?: number; minutes?: number; start: string },
): Promise<Day> {
  const [reads, truth] = [join(folder, 'day.ndjson'), join(folder, 'truth.ndjson')];
  const settings = parseSettings([
    `--site=${siteFile}`,
    '--level=clean',
    `--seed=${seed}`,
    `--minutes=${minutes}`,
    `--start=${start}`,
    `--out=${reads}`,
    `--truth=${truth}`,
  ]);
  await simulate(settings!, new AbortController().signal, () => {});
  const crossings = readFileSync(truth, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TruthJson)
    .filter(({ movement, tagged, readPoint }) => movement && tagged && readPoint?.startsWith('DOOR-'))
    .map(({ at, epc, to, readPoint }) => ({
      at: Date.parse(at),
      epc,
      readPoint: readPoint!,
      direction: to === 'world' ? ('out' as const) : ('in' as const),
    }));
  return { reads, crossings };
}

/** Puts a recording into the outbox of a gateway that cannot reach its broker yet. The number of envelopes in it. */
export async function fillOutbox(
  folder: string,
  file: string,
  who: { site: string; gateway: string },
): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const log = createLog({ style: 'silent' });
  const gateway = await openGateway({
    ...who,
    outbox: { folder },
    uplink: { version: 'drill', broker: { url: 'mqtt://127.0.0.1:9', clientId: 'nobody' } },
    readers: [fileReader({ file, speed: Infinity, shift: false, clock: systemClock, log })],
    // Small ones, so that there are thousands of moments at which to be killed.
    batch: { entriesMax: 5 },
    lock: () => Promise.resolve({ release: () => Promise.resolve() }),
    clock: systemClock,
    log,
  });
  await inTime('the recording is in the outbox', gateway.inputEnded, 60_000);
  await gateway.stop();
  return envelopesIn(folder).length;
}

/** Every envelope on disk, by its number. */
export function envelopesIn(folder: string): { readonly seq: number; readonly text: string }[] {
  return (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) =>
    scanFrames(readFileSync(join(folder, name)))
      .frames.filter(({ seq }) => seq !== 0)
      .map(({ seq, body }) => ({ seq, text: body.toString('utf8') })),
  );
}

export interface Sender {
  /** Numbers for which there was a PUBACK. */
  readonly promised: ReadonlySet<number>;
  /** The highest number that was ever sent. */
  readonly sent: () => number;
  /** Sends no new ones; resolves when everything sent is acknowledged. */
  readonly finish: () => Promise<void>;
}

const IN_FLIGHT_MAX = 16;

/** Publishes numbered envelopes without rest, and again whatever it has no PUBACK for. */
export async function startSender(
  port: number,
  who: { site: string; gateway: string },
  payloadOf: (seq: number) => string,
): Promise<Sender> {
  const client: MqttClient = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    clientId: who.gateway,
    reconnectPeriod: 100,
    keepalive: 5,
  });
  client.on('error', () => {}); // the service is being killed
  const promised = new Set<number>();
  let sent = 0;
  let inFlight = 0;
  let isFinishing = false;
  let onIdle = (): void => {};
  const publish = (seq: number, payload: string): void => {
    client.publish(envelopeTopic(who.site, who.gateway), payload, { qos: 1 }, (error) => {
      if (error) {
        if (client.connected) publish(seq, payload);
        else client.once('connect', () => publish(seq, payload));
        return;
      }
      promised.add(seq);
      inFlight--;
      more();
    });
  };
  const more = (): void => {
    if (isFinishing) {
      if (inFlight === 0) onIdle();
      return;
    }
    for (; inFlight < IN_FLIGHT_MAX; inFlight++) {
      const seq = ++sent;
      publish(seq, payloadOf(seq));
    }
  };
  more();
  return {
    promised,
    sent: () => sent,
    async finish() {
      isFinishing = true;
      if (inFlight > 0)
        await inTime('everything is acknowledged', new Promise<void>((resolve) => (onIdle = resolve)), 30_000);
      await client.endAsync(true);
    },
  };
}
