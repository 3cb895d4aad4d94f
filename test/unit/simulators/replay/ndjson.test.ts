import { describe, expect, it } from 'vitest';
import { toNdjson, type EnvelopeSent, type TimedMessage } from '../../../../simulators/messages.ts';
import { createNdjsonParser } from '../../../../simulators/replay/ndjson.ts';
import { shiftMessage, shiftTimes } from '../../../../simulators/replay/shift.ts';
import { createSimulation } from '../../../../simulators/simulation.ts';
import { demoSite, MORNING } from '../demoSite.ts';

const head = '"site":"DC1","gateway":"gw-1","v":1,"epoch":"e"';

describe('recorded messages', () => {
  it('come back as they were written', () => {
    const messages: TimedMessage[] = [
      ...createSimulation(demoSite(), { seed: 1, level: 'typical', startAt: MORNING }).step(MORNING + 20_000),
      { kind: 'device', at: MORNING + 30_000, topic: 'a/b', payload: 'connection lost' },
      { kind: 'device', at: MORNING + 30_001, topic: 'a/b', payload: new Uint8Array([0, 255, 10]) },
    ];
    const parse = createNdjsonParser('x');
    expect(messages.map((message) => parse(toNdjson(message)))).toEqual(messages);
  });

  it('take sentAt, or the latest time so far, when nobody wrote down when they came', () => {
    const parse = createNdjsonParser('x');
    const times = [
      `{${head},"seq":1,"sentAt":"2026-01-05T08:00:02Z"}`,
      `{${head},"seq":2,"sentAt":"2026-01-05T08:00:01Z"}`,
      `{${head},"seq":3}`,
      `{${head},"seq":4,"sentAt":"2026-01-05T08:00:00Z","receivedAt":"2026-01-05T08:00:01.500Z"}`,
    ].map((line) => parse(line)!.at - MORNING);
    expect(times).toEqual([2000, 2000, 2000, 1500]);
  });

  it('may hold payloads as JSON', () => {
    const message = createNdjsonParser('x')('{"topic":"t","at":"2026-01-05T08:00:00Z","payload":{"a":[1]}}');
    expect(message).toMatchObject({ kind: 'device', payload: '{"a":[1]}' });
  });

  it.each([
    ['{', 'x:1: not JSON'],
    ['[]', 'not a JSON object'],
    ['7', 'not a JSON object'],
    ['{"topic":"t","payload":"p"}', 'must say when it came'],
    ['{"topic":"t","at":"yesterday","payload":"p"}', 'at is no RFC 3339 time'],
    ['{"topic":"t","at":"2026-01-05T08:00:00Z"}', 'needs payload or payloadBase64'],
    ['{"at":"2026-01-05T08:00:00Z"}', 'neither an envelope with site and gateway, nor a message with a topic'],
    ['{"receivedAt":"2026-01-05T08:00:00Z","site":"A","gateway":"g"}', 'needs v 1, epoch and seq'],
  ])('say on which line %j is wrong', (line, reason) => {
    expect(() => createNdjsonParser('x')(line)).toThrow(reason);
  });
});

describe('shifting', () => {
  const DAY_MS = 86_400_000;

  it.each([
    ['2026-11-02T08:14:07.512+0000', '2026-11-03T08:14:07.512+0000'],
    ['2026-11-02T02:14:08.001-0600', '2026-11-03T02:14:08.001-0600'],
    ['2026-11-30T23:14:09.944189383Z', '2026-12-01T23:14:09.944189383Z'],
    ['2026-02-28T08:00:00Z', '2026-03-01T08:00:00Z'],
    ['2026-02-30T08:00:00Z', '2026-02-30T08:00:00Z'],
  ])('moves %s by a day, in its own zone and digits', (time, later) => {
    expect(shiftTimes(`{"timestamp":"${time}"}`, DAY_MS)).toBe(`{"timestamp":"${later}"}`);
  });

  it('adds digits only when the shift needs them', () => {
    expect(shiftTimes('2026-11-02T08:14:07Z', 1500)).toBe('2026-11-02T08:14:08.500Z');
    expect(shiftTimes('2026-11-02T08:14:07.9Z', 200)).toBe('2026-11-02T08:14:08.100Z');
    expect(shiftTimes('2026-11-02T08:14:07.9Z', -1000)).toBe('2026-11-02T08:14:06.900Z');
  });

  it('makes an envelope another one: other times, other epoch, the same reads', () => {
    const [message] = createSimulation(demoSite(), { seed: 1, level: 'typical', startAt: MORNING }).step(
      MORNING + 20_000,
    );
    const before = (message as EnvelopeSent).envelope;
    const after = (shiftMessage(message!, DAY_MS) as EnvelopeSent).envelope;
    expect(after.epoch).not.toBe(before.epoch);
    expect(after.epoch).toMatch(/^[A-Za-z0-9-]{1,64}$/);
    expect(Date.parse(after.sentAt!) - Date.parse(before.sentAt!)).toBe(DAY_MS);
    expect(after.seq).toBe(before.seq);
    expect(shiftMessage(message!, DAY_MS).at).toBe(message!.at + DAY_MS);
  });

  it('leaves bytes alone', () => {
    const message: TimedMessage = { kind: 'device', at: 5, topic: 't', payload: new Uint8Array([1]) };
    expect(shiftMessage(message, 10)).toEqual({ ...message, at: 15 });
  });
});
