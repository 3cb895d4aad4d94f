import { describe, expect, it } from 'vitest';
import { NO_FAULTS, type FaultOptions } from '../../../../simulators/faults/options.ts';
import { createTransport } from '../../../../simulators/faults/transport.ts';
import { payloadOf, type EnvelopeSent, type TimedMessage } from '../../../../simulators/messages.ts';
import { MINUTE_MS, MORNING } from '../demoSite.ts';

const STEP_MS = 200;

/** A gateway that sends an envelope of three reads every 200 ms. */
const stream = (count: number, gateway = 'gw-1'): EnvelopeSent[] =>
  Array.from({ length: count }, (_, index) => {
    const at = MORNING + index * STEP_MS;
    const seenAt = new Date(at - 50).toISOString();
    const seq = index + 1;
    const reads = [1, 2, 3].map((antenna) => ({
      reader: 'door-1',
      antenna,
      epc: `AA0${antenna}`,
      rssiDbm: -60,
      seenAt,
    }));
    const envelope = {
      v: 1 as const,
      epoch: 'e',
      seq,
      oldest: Math.max(1, seq - 5),
      sentAt: new Date(at).toISOString(),
      reads,
    };
    return { kind: 'envelope', at, site: 'DC1', gateway, envelope };
  });

function carried(messages: readonly TimedMessage[], faults: Partial<FaultOptions>, seed = 1): TimedMessage[] {
  const transport = createTransport({ ...NO_FAULTS, ...faults }, seed);
  return [...messages.flatMap((message) => transport.take([message], message.at)), ...transport.end()];
}

const seqs = (messages: readonly TimedMessage[]): number[] =>
  messages.flatMap((message) => (message.kind === 'envelope' ? [message.envelope.seq] : []));
const seenAts = (messages: readonly TimedMessage[]): string[] =>
  messages
    .flatMap((message) => (message.kind === 'envelope' ? (message.envelope.reads ?? []) : []))
    .map((read) => read.seenAt);
const share = (part: number, whole: number): number => part / whole;

describe('transport', () => {
  const sent = stream(5000);

  it('without faults changes nothing', () => {
    expect(carried(sent, {})).toEqual(sent);
  });

  it('is the same for the same seed, another for another, and each line has its own chance', () => {
    const faults = { loss: 0.1, duplicate: 0.1, reorder: 0.1 };
    expect(carried(sent, faults)).toEqual(carried(sent, faults));
    expect(seqs(carried(sent, faults, 2))).not.toEqual(seqs(carried(sent, faults)));
    const others = stream(5000, 'gw-2');
    const mixed = sent.flatMap((message, index) => [message, others[index]!]);
    const own = carried(mixed, faults).filter((message) => message.kind === 'envelope' && message.gateway === 'gw-1');
    expect(seqs(own)).toEqual(seqs(carried(sent, faults)));
  });

  it('gives messages out in the order of their arrival', () => {
    const times = carried(sent, { reorder: 0.3, delayMs: 300, delayP99Ms: 10_000, duplicate: 0.1 }).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('loses a share of the messages, and keeps the rest as they are', () => {
    const arrived = carried(sent, { loss: 0.1 });
    expect(share(arrived.length, sent.length)).toBeCloseTo(0.9, 1);
    expect(arrived.every((message) => sent.includes(message as EnvelopeSent) || message.at >= MORNING)).toBe(true);
  });

  it('delivers a share twice, byte for byte', () => {
    const arrived = carried(sent, { duplicate: 0.1 });
    expect(share(arrived.length, sent.length)).toBeCloseTo(1.1, 1);
    const first = new Map<number, string>();
    for (const message of arrived) {
      const [seq] = seqs([message]);
      const bytes = String(payloadOf(message));
      expect(first.get(seq!) ?? bytes).toBe(bytes);
      first.set(seq!, bytes);
    }
    expect(first.size).toBe(sent.length);
  });

  it('sends whole batches again', () => {
    const arrived = carried(sent, { replay: 0.01 });
    expect(arrived.length).toBeGreaterThan(sent.length + 200);
    expect(new Set(seqs(arrived)).size).toBe(sent.length);
  });

  it('lets a share be overtaken, by no more than the window', () => {
    const arrived = carried(sent, { reorder: 0.05, reorderMs: 2000 });
    expect(seqs(arrived).toSorted((a, b) => a - b)).toEqual(seqs(sent));
    let latest = 0;
    const overtaken = seqs(arrived).filter((seq) => {
      const late = seq < latest;
      latest = Math.max(latest, seq);
      return late;
    });
    expect(share(overtaken.length, sent.length)).toBeGreaterThan(0.02);
    expect(share(overtaken.length, sent.length)).toBeLessThan(0.06);
    for (const message of arrived) {
      const [seq] = seqs([message]);
      expect(message.at - (MORNING + (seq! - 1) * STEP_MS)).toBeLessThanOrEqual(2000);
    }
  });

  it('is slow for spells, and keeps the order then', () => {
    const arrived = carried(stream(50_000), { delayMs: 300, delayP99Ms: 10_000 });
    expect(seqs(arrived)).toEqual(seqs(arrived).toSorted((a, b) => a - b));
    const delays = arrived
      .map((message) => message.at - (MORNING + (seqs([message])[0]! - 1) * STEP_MS))
      .sort((a, b) => a - b);
    expect(delays[Math.floor(delays.length / 2)]).toBeGreaterThan(100);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(900);
    expect(delays.at(-1)).toBeGreaterThan(2000);
  });

  it('loses and repeats reads within envelopes', () => {
    expect(share(seenAts(carried(sent, { readLoss: 0.2 })).length, 15_000)).toBeCloseTo(0.8, 1);
    expect(share(seenAts(carried(sent, { readDuplicate: 0.2 })).length, 15_000)).toBeCloseTo(1.2, 1);
    expect(
      carried(sent, { readLoss: 1 }).every(
        (message) => message.kind === 'envelope' && message.envelope.reads === undefined,
      ),
    ).toBe(true);
  });
});

describe('an outage', () => {
  const sent = stream(9000); // 30 minutes
  const faults = { outageEveryMs: 8 * MINUTE_MS, outageMinMs: MINUTE_MS, outageMaxMs: 3 * MINUTE_MS };
  const arrived = carried(sent, faults);

  it('loses nothing, keeps the order of a gateway, and keeps the times of reads', () => {
    expect(seqs(arrived)).toEqual(seqs(sent));
    expect(seenAts(arrived)).toEqual(seenAts(sent));
  });

  it('is silent for minutes, then sends at most 500 a second', () => {
    const gaps = arrived.slice(1).map((message, index) => message.at - arrived[index]!.at);
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2 - 1e-6);
    expect(gaps.filter((gap) => gap < 10).length).toBeGreaterThan(200);
  });

  it('tells that what is sent late was held meanwhile: no gap', () => {
    const late = arrived.filter((message, index) => message.at - sent[index]!.at > MINUTE_MS / 2);
    const [first] = seqs(late);
    const oldest = late.map((message) => (message.kind === 'envelope' ? message.envelope.oldest! : 0));
    expect(late.length).toBeGreaterThan(100);
    // The first outage is longer than a minute, so its first 100 envelopes all waited for its end.
    expect(oldest.slice(0, 100).every((value) => value <= first!)).toBe(true);
    expect(oldest.every((value, index) => value <= seqs(late)[index]!)).toBe(true);
  });

  it('may lose part of the backlog', () => {
    const some = carried(sent, { ...faults, backlogLoss: 0.5 });
    expect(some.length).toBeLessThan(sent.length - 100);
  });

  it('mixes the backlog of a reader that speaks for itself with what it sees now', () => {
    const own: TimedMessage[] = Array.from({ length: 90_000 }, (_, index) => ({
      kind: 'device',
      at: MORNING + index * 20,
      topic: 'zebra/door-1/data',
      payload: String(index),
    }));
    const often = { ...faults, outageEveryMs: 3 * MINUTE_MS };
    const numbers = carried(own, often).map((message) => Number(message.kind === 'device' ? message.payload : 0));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(own.map((_, index) => index));
    expect(numbers).not.toEqual(numbers.toSorted((a, b) => a - b));
  });
});
