// Sparkplug B as Eclipse Tahu's encoder writes it: births, aliases, deaths, sequence numbers, and when a node must be born again.
import { get } from 'sparkplug-payload';
import { describe, expect, it } from 'vitest';
import type { DecodedMessage } from '../../../../src/wire/formats/format.ts';
import { formatOf } from '../../../../src/wire/formats/formats.ts';

const codec = get('spBv1.0')!;
const AT = Date.UTC(2026, 10, 23, 12);
type Payload = Parameters<typeof codec.encodePayload>[0];

/** An edge node that a test lets speak, and what is heard of it. */
function openNode() {
  const format = formatOf('sparkplug-b');
  let now = AT;
  const say = (type: string, payload: Payload | Uint8Array, device = ''): DecodedMessage => {
    now += 60_000;
    const bytes = payload instanceof Uint8Array ? payload : codec.encodePayload(payload);
    const topic = ['spBv1.0', 'DC1', type, 'plant', ...(device === '' ? [] : [device])].join('/');
    return format.decode(bytes, { id: 'plant', receivedAt: now, topic });
  };
  return { say };
}

const told = ({ entries }: DecodedMessage) =>
  entries.measures.map(({ device, name, value, at }) => [device, name, value, at - AT]);
const birth = (seq = 0): Payload => ({
  timestamp: AT,
  seq,
  metrics: [
    { name: 'bdSeq', type: 'UInt64', value: 3 },
    { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
    { name: 'cpu', alias: 1, type: 'Float', value: 0.5, timestamp: AT + 1 },
    { name: 'door', alias: 2, type: 'Boolean', value: true },
    { name: 'firmware', alias: 3, type: 'String', value: '1.2' },
  ],
});
const data = (seq: number, alias: number, value: number, more: object = {}): Payload => ({
  timestamp: AT + 5000,
  seq,
  metrics: [{ alias, type: 'Double', value, ...more } as unknown as NonNullable<Payload['metrics']>[number]],
});

describe('an edge node', () => {
  it('is born with its metrics, and speaks of them by their aliases from then on', () => {
    const { say } = openNode();
    const born = say('NBIRTH', birth());
    expect(told(born)).toEqual([
      ['plant', 'online', 1, 0],
      ['plant', 'cpu', 0.5, 1],
      ['plant', 'door', 1, 0],
    ]);
    expect(born.replies).toBeUndefined();
    const next = say('NDATA', data(1, 1, 0.75));
    expect(told(next)).toEqual([['plant', 'cpu', 0.75, 5000]]);
    expect(next).toMatchObject({ rejects: [], gaps: [], selfIdentified: true });
  });

  it('has devices with metrics and aliases of their own', () => {
    const { say } = openNode();
    say('NBIRTH', birth());
    const metrics: Payload['metrics'] = [{ name: 'temperature', alias: 1, type: 'Int16', value: -18 }];
    expect(told(say('DBIRTH', { timestamp: AT, seq: 1, metrics }, 'freezer'))).toEqual([
      ['plant', 'freezer/online', 1, 0],
      ['plant', 'freezer/temperature', -18, 0],
    ]);
    expect(told(say('DDATA', data(2, 1, -17.5), 'freezer'))).toEqual([['plant', 'freezer/temperature', -17.5, 5000]]);
    expect(told(say('NDATA', data(3, 1, 0.25)))).toEqual([['plant', 'cpu', 0.25, 5000]]);
    expect(told(say('DDEATH', { timestamp: AT, seq: 4, metrics: [] }, 'freezer'))).toEqual([
      ['plant', 'freezer/online', 0, 0],
    ]);
  });

  it.each([
    ['Int8', -5],
    ['Int32', -70_000],
    ['Int64', -5_000_000_000],
    ['UInt8', 250],
    ['UInt32', 4_000_000_000],
    ['UInt64', 5_000_000_000],
    ['Float', 0.5],
    ['Double', 1e-9],
    ['DateTime', AT],
  ])('says numbers of the type %s as they are', (type, value) => {
    const { say } = openNode();
    const metrics = [{ name: 'x', type, value }] as Payload['metrics'];
    expect(told(say('NBIRTH', { timestamp: AT, seq: 0, metrics })).at(-1)).toEqual(['plant', 'x', value, 0]);
  });

  it('is asked to be born again when something of it was missed, and what can be understood is kept', () => {
    const { say } = openNode();
    say('NBIRTH', birth());
    const after = say('NDATA', data(4, 1, 0.9));
    expect(told(after)).toEqual([['plant', 'cpu', 0.9, 5000]]);
    expect(after.gaps).toEqual([{ from: AT + 5000, to: AT + 5000, lost: 3 }]);
    const [reply] = after.replies!;
    expect(reply!.topic).toBe('spBv1.0/DC1/NCMD/plant');
    expect(codec.decodePayload(reply!.payload).metrics).toMatchObject([
      { name: 'Node Control/Rebirth', type: 'Boolean', value: true },
    ]);
    // It is born again, and the sequence begins anew.
    expect(say('NBIRTH', birth()).replies).toBeUndefined();
    expect(say('NDATA', data(1, 1, 0.9)).replies).toBeUndefined();
  });

  it('whose birth nobody heard is asked for it, and only by and by', () => {
    const { say } = openNode();
    const first = say('NDATA', data(7, 1, 0.9));
    expect(told(first)).toEqual([]);
    expect(first.rejects).toMatchObject([
      { code: 'unknown-alias', reason: expect.stringContaining('Alias 1 of plant') },
    ]);
    expect(first.replies).toHaveLength(1);
    const format = formatOf('sparkplug-b');
    const identity = { id: 'plant', receivedAt: AT, topic: 'spBv1.0/DC1/NDATA/plant' };
    const asked = [0, 5000, 11_000].map(
      (ms) =>
        format.decode(codec.encodePayload(data(7, 1, 1)), { ...identity, receivedAt: AT + ms }).replies?.length ?? 0,
    );
    expect(asked).toEqual([1, 0, 1]);
  });

  it('counts from 255 on to 0', () => {
    const { say } = openNode();
    say('NBIRTH', birth(254));
    for (const seq of [255, 0, 1]) expect(say('NDATA', data(seq, 1, 1))).toMatchObject({ gaps: [] });
  });

  it('that dies is offline, and its aliases with it', () => {
    const { say } = openNode();
    say('NBIRTH', birth());
    const death: Payload = { timestamp: AT + 9000, metrics: [{ name: 'bdSeq', type: 'UInt64', value: 3 }] };
    expect(told(say('NDEATH', death))).toEqual([['plant', 'online', 0, 9000]]);
    expect(say('NDATA', data(1, 1, 1)).replies).toHaveLength(1);
  });

  it('says nothing by commands, by states of hosts, by text and by null', () => {
    const { say } = openNode();
    say('NBIRTH', birth());
    expect(say('NCMD', birth())).toMatchObject({ ignored: 'status' });
    expect(say('NDATA', data(1, 1, 0, { value: null }))).toMatchObject({ ignored: 'status', rejects: [] });
    const format = formatOf('sparkplug-b');
    expect(
      format.decode(Buffer.from('{}'), { id: 'plant', receivedAt: AT, topic: 'spBv1.0/STATE/host' }),
    ).toMatchObject({ ignored: 'status' });
  });

  it('with bytes that are no Sparkplug is refused with the reason', () => {
    const { say } = openNode();
    expect(() => say('NDATA', Buffer.from('{"temperature":4}'))).toThrow(/no Sparkplug B payload/);
    // Cut off anywhere it is whole fields, or is refused: never anything else.
    const whole = codec.encodePayload(birth());
    const refusals = Array.from({ length: whole.length }, (_, length) => {
      try {
        say('NDATA', whole.subarray(0, length));
        return [];
      } catch (error) {
        expect(error).toMatchObject({ code: 'not-sparkplug' });
        return [length];
      }
    }).flat();
    expect(refusals.length).toBeGreaterThan(whole.length / 2);
    const packed = { timestamp: AT, seq: 1, uuid: 'SPBV1.0_COMPRESSED', body: new Uint8Array([1, 2]), metrics: [] };
    expect(() => say('NDATA', packed as Payload)).toThrow(/compressed/);
  });
});
