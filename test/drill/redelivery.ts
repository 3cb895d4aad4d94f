// Everything comes twice, out of order, from two gateways with one id, under a new epoch, with gaps, and a number with other
// bytes; in the end the whole day twice more. The effective history is that of an undisturbed day, and what could not be taken
// is told: as a conflict in quarantine, or in the list of gaps (promises P2 and P3).
import { join } from 'node:path';
import { random, type Random } from '../../simulators/random.ts';
import { envelopeTopic } from '../../src/wire/topics.ts';
import { envelopesIn, fillOutbox, simulateDay } from '../support/drill.ts';
import { connectPeer, type Peer } from '../support/mqttPeer.ts';
import { installSite } from '../support/serviceProcess.ts';
import { eventually } from '../support/wait.ts';
import { exactly, stated, type Drill } from './figure.ts';
import {
  count,
  derived,
  effective,
  ledgerIsThere,
  onceEach,
  sameHistory,
  SITE,
  SITE_FILE,
  START,
  verified,
} from './history.ts';

const MINUTES = 2;
const MINUTES_LONG = 30;
const TOPIC = envelopeTopic(SITE, 'gw-1');
/** How far from its place an envelope may come: some hundred milliseconds of reads, up to seconds. */
const REORDER_ENVELOPES = 20;
const DUP_SHARE = 0.3;
const CONFLICTS = 20;
const NEW_EPOCH_SHARE = 0.2;
/** Every so many numbers of the new epoch one is missing, for good. */
const GAP_EVERY = 50;
const PART = 500;

interface Sent {
  readonly seq: number;
  readonly text: string;
}

export const redelivery: Drill = async ({ seed, long }) => {
  const chance = random(seed, 'redelivery');
  const home = installSite(SITE_FILE);
  const minutes = long ? MINUTES_LONG : MINUTES;
  const day = await simulateDay(home.folder, SITE_FILE, { start: START, minutes });
  const outbox = join(home.folder, 'outbox');
  const envelopes = await fillOutbox(outbox, day.reads, { site: SITE, gateway: 'gw-1' });
  const whole = envelopesIn(outbox).toSorted((a, b) => a.seq - b.seq);
  const service = await home.start();
  const port = service.mqttPort;

  // Two with one gateway's id, at once: each sends everything, in an order of its own.
  const [one, other] = [await connectPeer(port), await connectPeer(port)];
  const repeated = await Promise.all([
    sendAll(one, disordered(whole, chance)),
    sendAll(other, disordered(whole, chance)),
  ]);

  // Two connections under one client id: the newer one has it, the older one is ended in the middle of what it says.
  const older = await connectPeer(port, { clientId: 'gw-1' });
  for (const { text } of whole.slice(0, PART)) older.publish(TOPIC, text, { dup: true });
  const newer = await connectPeer(port, { clientId: 'gw-1' });
  await eventually('the older connection is ended', () => older.isClosed());

  // The same numbers with other bytes.
  for (const { text } of chance.shuffled(whole).slice(0, CONFLICTS))
    newer.publish(TOPIC, text.replace('"v":1', '"v":1,"changed":true'));
  // The newest part again under a new epoch, as a gateway that lost its outbox sends what its readers still had; a number in
  // fifty never comes, and the gateway says that it has it no more.
  const again = whole.slice(-Math.floor(whole.length * NEW_EPOCH_SHARE));
  const [{ epoch }] = [JSON.parse(whole[0]!.text) as { epoch: string }];
  const renewed = again.map(({ text }, index) => renumbered(text, epoch, index + 1));
  const [kept, missing] = [
    renewed.filter((_, index) => (index + 1) % GAP_EVERY !== 0),
    Math.floor(renewed.length / GAP_EVERY),
  ];
  await sendAll(newer, kept);
  // The whole day twice more.
  await sendAll(newer, whole);
  await sendAll(newer, whole);

  const database = await home.database();
  await ledgerIsThere(database);
  const once = await onceEach(database, { 'gw-1': envelopes + kept.length });
  const conflicts = await count(database, `quarantine where code = 'conflict'`);
  const others = await count(database, `quarantine where code <> 'conflict'`);
  const { rows } = await database.query<{ lost: number }>('select coalesce(sum(lost), 0)::int as lost from gap');
  const history = sameHistory(await effective(database), await derived(day.reads));
  return [
    stated('envelopes of the day', String(envelopes)),
    stated('sent in all', String(repeated[0] + repeated[1] + PART + CONFLICTS + kept.length + 2 * envelopes)),
    ...once,
    exactly('numbers sent with other bytes: in quarantine as a conflict', CONFLICTS, conflicts),
    exactly('other things in quarantine', 0, others),
    exactly('numbers that never came: in the list of gaps', missing, rows[0]!.lost),
    history,
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

/** Each a little off its place, some of them more than once. */
function disordered(envelopes: readonly Sent[], chance: Random): Sent[] {
  return envelopes
    .flatMap((sent, index) =>
      Array.from({ length: chance.chance(DUP_SHARE) ? 2 : 1 }, () => ({
        sent,
        at: index + chance.between(0, REORDER_ENVELOPES),
      })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ sent }) => sent);
}

/** Sends in parts, each until its last is acknowledged; how many they were. */
async function sendAll(peer: Peer, envelopes: readonly Sent[]): Promise<number> {
  const seen = new Set<number>();
  for (let from = 0; from < envelopes.length; from += PART) {
    let last = 0;
    for (const { seq, text } of envelopes.slice(from, from + PART)) {
      last = peer.publish(TOPIC, text, { dup: seen.has(seq) });
      seen.add(seq);
    }
    await peer.untilAcknowledged(last);
    peer.heard.length = 0;
  }
  return envelopes.length;
}

/** The same reads as the new epoch's number so and so; `oldest` says that the numbers before are given up. */
function renumbered(text: string, epoch: string, seq: number): Sent {
  const envelope = JSON.parse(text) as object;
  return { seq, text: JSON.stringify({ ...envelope, epoch: `${epoch.slice(0, 30)}-again`, seq, oldest: seq }) };
}
