// What a drill needs: a simulated day with its truth, a gateway whose outbox is full of it, and a sender that knows exactly
// what it was promised.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { closeAfterTest } from './cleanUp.ts';
import type { Installation, Process } from './serviceProcess.ts';
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

/** A gateway of its own process that sends what its outbox holds, and ends when all of it has its receipt. */
export function launchGateway(
  home: Installation,
  who: { readonly site: string; readonly gateway: string },
  mqttPort: number,
  outbox: string,
): Process {
  const nothing = join(home.folder, 'nothing.ndjson');
  writeFileSync(nothing, '');
  return home.launch(
    'gateway',
    `--site=${who.site}`,
    `--id=${who.gateway}`,
    `--mqtt=mqtt://127.0.0.1:${mqttPort}`,
    `--outbox=${outbox}`,
    '--reader=file',
    `--in=${nothing}`,
  );
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
  /** How often it has connected. */
  readonly connects: () => number;
  /** How long each PUBACK took that came lately, in milliseconds; reading it forgets them. */
  readonly takeLatenciesMs: () => number[];
  /** Sends no new ones; resolves when everything sent is acknowledged. */
  readonly finish: () => Promise<void>;
}

const IN_FLIGHT_MAX = 16;
const KEEPALIVE_SECONDS = 5;
const PACE_MS = 5;
/** Of a sender that nobody asks for its latencies. */
const LATENCIES_MAX = 100_000;

interface SenderOptions {
  readonly inFlightMax?: number;
  readonly keepaliveSeconds?: number;
  /** Most envelopes a second; without it as fast as it is answered. */
  readonly perSecondMax?: number;
}

/** Publishes numbered envelopes without rest, and again whatever it has no PUBACK for. */
export async function startSender(
  port: number,
  who: { site: string; gateway: string },
  payloadOf: (seq: number) => string,
  { inFlightMax = IN_FLIGHT_MAX, keepaliveSeconds = KEEPALIVE_SECONDS, perSecondMax = Infinity }: SenderOptions = {},
): Promise<Sender> {
  const client: MqttClient = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    clientId: who.gateway,
    reconnectPeriod: 100,
    keepalive: keepaliveSeconds,
  });
  closeAfterTest(() => client.endAsync(true));
  client.on('error', () => {}); // the service is being killed
  client.setMaxListeners(inFlightMax + 10); // one a message that waits for a connection
  let connects = 0;
  client.on('connect', () => connects++);
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const promised = new Set<number>();
  let sent = 0;
  let inFlight = 0;
  let isFinishing = false;
  let onIdle = (): void => {};
  const publish = (seq: number, payload: string, since = performance.now()): void => {
    client.publish(envelopeTopic(who.site, who.gateway), payload, { qos: 1 }, (error) => {
      if (error) {
        if (client.connected) publish(seq, payload, since);
        else client.once('connect', () => publish(seq, payload, since));
        return;
      }
      promised.add(seq);
      if (latenciesMs.length < LATENCIES_MAX) latenciesMs.push(performance.now() - since);
      inFlight--;
      more();
    });
  };
  const more = (): void => {
    if (isFinishing) {
      if (inFlight === 0) onIdle();
      return;
    }
    const due = ((performance.now() - startedAt) / 1000) * perSecondMax;
    for (; inFlight < inFlightMax && sent < due; inFlight++) {
      const seq = ++sent;
      publish(seq, payloadOf(seq));
    }
  };
  more();
  const timer = perSecondMax === Infinity ? undefined : setInterval(more, PACE_MS);
  closeAfterTest(() => clearInterval(timer));
  return {
    promised,
    sent: () => sent,
    connects: () => connects,
    takeLatenciesMs: () => latenciesMs.splice(0),
    async finish() {
      isFinishing = true;
      if (inFlight > 0)
        await inTime('everything is acknowledged', new Promise<void>((resolve) => (onIdle = resolve)), 30_000);
      clearInterval(timer);
      await client.endAsync(true);
    },
  };
}
