// Devices that speak for themselves: no envelope, no receipt, no number. What comes again is known by its bytes, when they
// carry a time or a sequence of the device's own; otherwise every delivery counts.
import { beforeAll, describe, expect, it } from 'vitest';
import type { EntriesRow } from '../../src/wire/row.ts';
import { journalled, openEngine, quarantined, type TestEngine } from '../support/engine.ts';
import type { Peer } from '../support/mqttPeer.ts';
import { epcOf, smallSite } from '../support/sites.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

let service: TestEngine;
let device: Peer;
let send: (topic: string, payload: object | string) => Promise<void>;

beforeAll(async () => {
  service = await openEngine({ lives: 'file', sites: [smallSite('T1', { devices })] });
  send = async (topic, payload) => {
    device = await service.connect();
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    await device.untilAcknowledged(device.publish(topic, text));
    await device.leave();
  };
});

const devices = [
  { id: 'door', format: 'zebra-iotc', topic: 'zebra/door/+' },
  { id: 'over-a', format: 'impinj-iot', topic: 'impinj/over-a' },
  {
    id: 'over-b',
    format: 'mapped',
    topic: 'bench/scale',
    mapping: [
      { items: 'tags', epc: { at: 'epc' }, reader: { at: 'reader' }, time: { at: 'ms', unit: 'ms' } },
      { measures: [{ at: 'kg', name: 'weight', unit: 'kg' }] },
    ],
  },
] as unknown as NonNullable<ReturnType<typeof smallSite>['devices']>;

const zebra = (serial: number, more: object = {}) => ({
  type: 'INVENTORY',
  timestamp: '2026-11-23T12:00:00.512+0000',
  data: { eventNum: serial, format: 'epc', idHex: epcOf(serial), antenna: 2, peakRssi: -58 },
  ...more,
});

const of = async (gateway: string) => (await journalled(service)).filter((row) => row.gateway === gateway).length;

/** What the last row of a device holds. */
async function lastOf(gateway: string): Promise<EntriesRow['entries']> {
  const rows = await service.engine.journal.read('T1', 0, 10_000);
  return rows.filter((row) => row.kind === 'entries').findLast((row) => row.gateway === gateway)!.entries;
}

describe('a device that speaks for itself', () => {
  it('is heard on the topic that the site file gives it, patterns too, as the reader that it is there', async () => {
    await send('zebra/door/data', zebra(1));
    const { reads } = await lastOf('door');
    expect(reads).toMatchObject({ length: 1, epc: [epcOf(1)], sources: [{ reader: 'door', antenna: 2 }] });
    expect(reads.seenAt[0]).toBe(NOON + 512);
  });

  it('is believed once when its bytes carry a time of their own, however often and from wherever they come', async () => {
    const before = await of('door');
    await send('zebra/door/data', zebra(2));
    await send('zebra/door/data', zebra(2));
    await send('zebra/door/backlog', zebra(2));
    expect(await of('door')).toBe(before + 1);
    await send('zebra/door/data', zebra(3));
    expect(await of('door')).toBe(before + 2);
  });

  it('is believed each time when its bytes say nothing of when', async () => {
    const before = await of('over-b');
    await send('bench/scale', { kg: 12.5, tags: [] });
    await send('bench/scale', { kg: 12.5, tags: [] });
    expect(await of('over-b')).toBe(before + 2);
    expect((await lastOf('over-b')).measures).toMatchObject([{ device: 'over-b', name: 'weight', value: 12.5 }]);
  });

  it('may send plain-text wills, keep-alives and states: no errors, nothing kept', async () => {
    const before = await of('door');
    for (const words of ['connection lost', 'connected', '', '[]', '{"type":"status","data":{}}'])
      await send('zebra/door/state', words);
    expect(await of('door')).toBe(before);
    expect((await quarantined(service)).filter(({ gateway }) => gateway === 'door')).toEqual([]);
  });

  it('says what it has lost itself, and that is a gap on record', async () => {
    await send('impinj/over-a', {
      timestamp: '2026-11-23T12:10:00Z',
      eventType: 'overflow',
      overflowEvent: {
        firstEventTimestamp: '2026-11-23T12:08:00Z',
        lastEventTimestamp: '2026-11-23T12:09:00Z',
        eventsPurged: 412,
      },
    });
    expect(await service.database.rows("select lost::int, from_at from gap where gateway = 'over-a'")).toEqual([
      { lost: 412, from_at: Date.UTC(2026, 10, 23, 12, 8) },
    ]);
  });

  it('that reports nonsense among good reads costs only the nonsense', async () => {
    await send('zebra/door/data', [zebra(4), zebra(5, { data: { idHex: 'zz', antenna: 1 } }), zebra(6)] as object);
    expect((await lastOf('door')).reads.epc).toEqual([epcOf(4), epcOf(6)]);
    const aside = (await quarantined(service)).find(({ gateway }) => gateway === 'door');
    expect(aside).toMatchObject({ code: 'bad-epc', reason: expect.stringContaining('/1/data/idHex') as string });
  });

  it('that passes on readers nobody knows is heard as far as they are known', async () => {
    const tag = (reader: string, serial: number) => ({ reader, epc: epcOf(serial), ms: NOON + serial });
    const message = { kg: 1, tags: [tag('over-a', 7), tag('over-z', 8), tag('over-b', 9)] };
    await send('bench/scale', message);
    expect((await lastOf('over-b')).reads.epc).toEqual([epcOf(7), epcOf(9)]);
    const aside = (await quarantined(service)).find(({ gateway }) => gateway === 'over-b');
    expect(aside).toMatchObject({ code: 'unknown-reader', reason: expect.stringContaining('over-z') as string });
    expect(JSON.parse(aside!.content.toString()), 'whole, so that it can be replayed').toEqual(message);
  });

  it('on a topic that no site file names is kept aside with its bytes', async () => {
    await send('zebra/door-77/data', zebra(1));
    const aside = (await quarantined(service)).find(({ code }) => code === 'unknown-topic');
    expect(aside).toMatchObject({
      site: null,
      topic: 'zebra/door-77/data',
      content: Buffer.from(JSON.stringify(zebra(1))),
    });
  });
});
