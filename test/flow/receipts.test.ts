// Receipts, and what a gateway learns by them: what is durable, what was refused, what is missing (contract 4.1).
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReceiptMessage } from '../../src/wire/envelope.ts';
import { receiptTopic } from '../../src/wire/topics.ts';
import { ERROR, journalled, openEngine, quarantined, type TestEngine } from '../support/engine.ts';
import type { Peer } from '../support/mqttPeer.ts';
import { envelope, epcOf, readEntries } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

let service: TestEngine;
beforeAll(async () => {
  service = await openEngine({ lives: 'file' });
});

interface Gateway {
  readonly id: string;
  readonly peer: Peer;
  /** Sends bytes, waits for the PUBACK and for a receipt after it; gives that receipt. */
  readonly send: (payload: string) => Promise<ReceiptMessage>;
  readonly rows: () => Promise<{ readonly epoch: string; readonly seq: number }[]>;
  readonly quarantine: () => ReturnType<typeof quarantined>;
}

let gateways = 0;

/** Every test has a gateway of its own. */
async function openGateway(): Promise<Gateway> {
  const id = `gw-${++gateways}`;
  const peer = await service.connect();
  await peer.subscribe(receiptTopic('T1', id));
  const receipts = (): ReceiptMessage[] =>
    peer.messages().map(({ payload }) => JSON.parse(String(payload)) as ReceiptMessage);
  return {
    id,
    peer,
    async send(payload) {
      const before = receipts().length;
      await peer.untilAcknowledged(peer.publish(`tallygate/v1/T1/${id}/envelope`, payload));
      await eventually('there is a receipt', () => receipts().length > before);
      return receipts().at(-1)!;
    },
    rows: async () =>
      (await journalled(service)).filter(({ gateway }) => gateway === id).map(({ epoch, seq }) => ({ epoch, seq })),
    quarantine: async () => (await quarantined(service)).filter(({ gateway }) => gateway === id),
  };
}

const read = (serial: number, reader = 'door') => readEntries([{ reader, epc: epcOf(serial), at: NOON + serial }]);
const numbered = (seq: number, head: { epoch?: string; oldest?: number } = {}) =>
  envelope({ seq, sentAt: NOON + seq, ...head }, { reads: read(seq) });

const gapsOf = ({ id }: Gateway) =>
  service.database.rows<{ epoch: string; from_seq: number; to_seq: number; lost: number }>(
    'select epoch, from_seq, to_seq, lost from gap where gateway = $1 order by from_seq',
    [id],
  );

describe('a receipt', () => {
  it('says through which number everything is durable', async () => {
    const gateway = await openGateway();
    expect(await gateway.send(numbered(1))).toEqual({ epoch: 'e1', seq: 1 });
    expect(await gateway.send(numbered(2))).toEqual({ epoch: 'e1', seq: 2 });
  });

  it('stays before a hole until the hole is filled, then passes all that came meanwhile', async () => {
    const gateway = await openGateway();
    await gateway.send(numbered(1));
    expect(await gateway.send(numbered(3))).toMatchObject({ seq: 1 });
    expect(await gateway.send(numbered(5))).toMatchObject({ seq: 1 });
    expect(await gateway.send(numbered(2))).toMatchObject({ seq: 3 });
    expect(await gateway.send(numbered(4))).toMatchObject({ seq: 5 });
    expect(await gapsOf(gateway)).toEqual([]);
  });

  it('passes what the gateway no longer holds, and the gap is on record', async () => {
    const gateway = await openGateway();
    await gateway.send(numbered(1));
    expect(await gateway.send(numbered(7, { oldest: 5 }))).toMatchObject({ seq: 4 });
    expect(await gapsOf(gateway)).toEqual([{ epoch: 'e1', from_seq: 2, to_seq: 4, lost: 3 }]);
  });

  it('takes a gap back when what was given up comes after all', async () => {
    const gateway = await openGateway();
    await gateway.send(numbered(1));
    await gateway.send(numbered(5, { oldest: 5 }));
    expect(await gateway.send(numbered(3))).toMatchObject({ seq: 5 });
    expect(await gapsOf(gateway)).toMatchObject([
      { from_seq: 2, to_seq: 2 },
      { from_seq: 4, to_seq: 4 },
    ]);
    expect(await gateway.rows()).toHaveLength(3);
  });

  it('of a new epoch begins anew, and the old one is not forgotten', async () => {
    const gateway = await openGateway();
    await gateway.send(numbered(1));
    await gateway.send(numbered(2));
    expect(await gateway.send(numbered(1, { epoch: 'e2' }))).toEqual({ epoch: 'e2', seq: 1 });
    expect(await gateway.send(numbered(2))).toEqual({ epoch: 'e1', seq: 2 });
    expect(await gateway.rows()).toEqual([
      { epoch: 'e1', seq: 1 },
      { epoch: 'e1', seq: 2 },
      { epoch: 'e2', seq: 1 },
    ]);
  });

  it('answers a duplicate with where things stand now, and takes it in only once', async () => {
    const gateway = await openGateway();
    for (const seq of [1, 2, 3]) await gateway.send(numbered(seq));
    expect(await gateway.send(numbered(1))).toEqual({ epoch: 'e1', seq: 3 });
    expect(await gateway.rows()).toHaveLength(3);
  });

  it('goes to the gateway of the site and to nobody else', async () => {
    const [one, other] = [await openGateway(), await openGateway()];
    await one.send(numbered(1));
    await other.send(numbered(1));
    await one.send(numbered(2));
    expect(other.peer.messages()).toHaveLength(1);
  });
});

describe('the same number with other bytes', () => {
  it('is a conflict: kept aside, told, logged as an error, and the first stays', async () => {
    const gateway = await openGateway();
    await gateway.send(numbered(1));
    const other = envelope({ seq: 1, sentAt: NOON + 1 }, { reads: read(999) });
    expect(await gateway.send(other)).toEqual({
      epoch: 'e1',
      seq: 1,
      rejected: [{ seq: 1, code: 'conflict', message: expect.any(String) as string }],
    });
    expect(await gateway.quarantine()).toMatchObject([{ code: 'conflict', seq: 1, content: Buffer.from(other) }]);
    expect(await gateway.rows()).toHaveLength(1);
    expect(service.log.filter(({ level }) => level >= ERROR).map(({ msg }) => msg)).toContainEqual(
      expect.stringContaining('two gateways with one id'),
    );
  });

  it('in one commit goes to the first that came', async () => {
    const gateway = await openGateway();
    service.proxy.hold();
    const topic = `tallygate/v1/T1/${gateway.id}/envelope`;
    gateway.peer.publish(topic, numbered(1));
    await service.holding(1);
    gateway.peer.publish(topic, numbered(2));
    gateway.peer.publish(topic, envelope({ seq: 2 }, { reads: read(998) }));
    const last = gateway.peer.publish(topic, numbered(2));
    await service.holding(4);
    service.proxy.release();
    await gateway.peer.untilAcknowledged(last);
    expect(await gateway.rows()).toHaveLength(2);
    expect(await gateway.quarantine()).toMatchObject([{ code: 'conflict', seq: 2 }]);
  });
});

describe('what cannot be used', () => {
  it('an entry of a reader that nobody knows stands aside alone; the others are taken', async () => {
    const gateway = await openGateway();
    const entries = [...read(1), ...read(2, 'door-9'), ...read(3)];
    const receipt = await gateway.send(envelope({ seq: 1 }, { reads: entries }));
    expect(receipt).toMatchObject({ seq: 1, rejected: [{ seq: 1, code: 'unknown-reader' }] });
    expect(receipt.rejected![0]!.message).toContain('door-9');
    const [aside, ...more] = await gateway.quarantine();
    expect(more).toEqual([]);
    expect(JSON.parse(aside!.content.toString())).toEqual(entries[1]);
    expect(await gateway.rows()).toHaveLength(1);
    await eventually('the others are derived', async () => {
      const epcs = await service.engine.journal.read('T1', 0, 1000);
      return epcs.some(
        (row) => row.kind === 'entries' && row.gateway === gateway.id && row.entries.reads.epc.length === 2,
      );
    });
  });

  it('an entry that breaks the contract stands aside with the reason', async () => {
    const gateway = await openGateway();
    const [good] = read(1);
    const wrong = { ...good!, epc: 'not hex' };
    const receipt = await gateway.send(envelope({ seq: 1 }, { reads: [good!, wrong] }));
    expect(receipt.rejected).toMatchObject([{ seq: 1, code: 'bad-entry' }]);
    expect((await gateway.quarantine()).map(({ reason }) => reason)).toEqual([expect.stringContaining('reads[1]')]);
  });

  it('an envelope that is none is refused with its number, which counts as dealt with', async () => {
    const gateway = await openGateway();
    await gateway.send(numbered(1));
    const crowded = envelope({ seq: 2 }, { reads: Array.from({ length: 501 }, (_, index) => read(index)[0]!) });
    expect(await gateway.send(crowded)).toMatchObject({ seq: 2, rejected: [{ seq: 2, code: 'too-many-entries' }] });
    expect(await gateway.send(numbered(3))).toEqual({ epoch: 'e1', seq: 3 });
    // It comes again, since a receipt was lost: still refused, still once.
    expect(await gateway.send(crowded)).toMatchObject({ seq: 3, rejected: [{ seq: 2, code: 'too-many-entries' }] });
    expect(await gateway.quarantine()).toMatchObject([{ code: 'too-many-entries', seq: 2, times: 1 }]);
    expect(await gateway.rows()).toHaveLength(2);
  });

  it('bytes without any number are acknowledged, kept aside once and counted; no receipt speaks of them', async () => {
    const gateway = await openGateway();
    const topic = `tallygate/v1/T1/${gateway.id}/envelope`;
    for (let times = 0; times < 3; times++) gateway.peer.publish(topic, 'hello?');
    await gateway.peer.untilAcknowledged(gateway.peer.publish(topic, Buffer.from([0xff, 0xfe, 0])));
    expect(await gateway.quarantine()).toMatchObject([
      { code: 'not-json', times: 3, content: Buffer.from('hello?') },
      { code: 'not-utf8', times: 1, content: Buffer.from([0xff, 0xfe, 0]) },
    ]);
    expect(gateway.peer.messages()).toEqual([]);
  });

  it('of a site that nobody knows is kept with its bytes until somebody describes the site', async () => {
    const peer = await service.connect();
    await peer.untilAcknowledged(peer.publish('tallygate/v1/NOWHERE/gw-1/envelope', numbered(1)));
    expect((await quarantined(service)).filter(({ code }) => code === 'unknown-site')).toMatchObject([
      { site: null, topic: 'tallygate/v1/NOWHERE/gw-1/envelope', content: Buffer.from(numbered(1)) },
    ]);
  });

  it('fields that are no part of the contract are ignored and counted', async () => {
    const gateway = await openGateway();
    const before = await service.metric('tallygate_intake_unknown_fields');
    const [entry] = read(1);
    const extended = { ...JSON.parse(envelope({ seq: 1 })), firmware: '7.1', reads: [{ ...entry!, phase: 12 }] };
    expect(await gateway.send(JSON.stringify(extended))).toEqual({ epoch: 'e1', seq: 1 });
    expect(await service.metric('tallygate_intake_unknown_fields')).toBe(before + 2);
    expect(await gateway.quarantine()).toEqual([]);
  });
});

it('every message is counted once, by what became of it, and the sum is what was received', async () => {
  const count = (result: string) => service.metric('tallygate_intake_messages_total', { result });
  await eventually('nothing waits', async () => (await service.metric('tallygate_mqtt_held_deliveries')) === 0);
  const results = ['fresh', 'duplicate', 'conflict', 'quarantined', 'ignored', 'dropped'];
  const counts = Object.fromEntries(await Promise.all(results.map(async (one) => [one, await count(one)] as const)));
  expect(Object.values(counts).reduce((sum, one) => sum + one, 0)).toBe(await count('received'));
  expect(counts).toMatchObject({ duplicate: 4, conflict: 2, quarantined: 6, dropped: 0 });
});
