import { describe, expect, it } from 'vitest';
import { planSite } from '../../../src/config/plan.ts';
import { formatOf } from '../../../src/wire/formats/formats.ts';
import { topicMatches } from '../../../src/wire/topics.ts';
import {
  allSpeak,
  createSpeakers,
  speakAsConfigured,
  type SpokenFormat,
} from '../../../simulators/devices/speakers.ts';
import { deviceOf, type Observation } from '../../../simulators/envelopes.ts';
import type { DeviceSent } from '../../../simulators/messages.ts';
import { createSimulation } from '../../../simulators/simulation.ts';
import { demoFile, demoSite, MINUTE_MS, MORNING } from './demoSite.ts';

const options = { seed: 7, level: 'typical', startAt: MORNING } as const;
const plan = demoSite();
const observations = createSimulation(plan, options).sense(MORNING + 4 * MINUTE_MS);

/** Everything the readers say, decoded as the service does. */
function heard(format: SpokenFormat) {
  const speak = createSpeakers(allSpeak(plan, format));
  const decoder = formatOf(format);
  return observations.flatMap((observation) => {
    const id = deviceOf(observation);
    return (speak(id, observation) ?? []).map((message) => ({
      observation,
      message,
      decoded: decoder.decode(Buffer.from(message.payload), { id, receivedAt: message.at }),
    }));
  });
}

const isRead = (observation: Observation) => observation.kind === 'read';

describe.each([
  ['zebra-iotc', 1, 1],
  ['impinj-iot', 0.001, 0.01],
] as const)('%s', (format, timeStepMs, rssiStepDb) => {
  const messages = heard(format);

  it('is understood by the service, nothing rejected', () => {
    expect(messages.filter(({ decoded }) => decoded.rejects.length > 0)).toEqual([]);
    expect(messages.filter(({ observation }) => isRead(observation)).length).toBeGreaterThan(5000);
    expect(messages.every(({ observation, decoded }) => !isRead(observation) || decoded.selfIdentified)).toBe(true);
  });

  it('says the reads that were observed', () => {
    for (const { observation, decoded } of messages) {
      if (observation.kind !== 'read') continue;
      const { reads } = decoded.entries;
      const { reader, antenna, epc, rssiDbm, seenAt } = observation.read;
      expect(reads.length).toBe(1);
      expect(reads.sources[0]).toEqual({ reader, antenna });
      expect(reads.epc[0]).toBe(epc);
      expect(Math.abs(reads.rssiDbm[0]! - rssiDbm!)).toBeLessThanOrEqual(rssiStepDb);
      expect(Math.abs(reads.seenAt[0]! - seenAt)).toBeLessThan(timeStepMs + 0.001);
    }
  });

  it('says what the photo-eye did', () => {
    const triggers = observations.flatMap((observation) =>
      observation.kind === 'trigger' ? [observation.trigger] : [],
    );
    const said = messages.flatMap(({ decoded }) => decoded.entries.triggers);
    expect(triggers.length).toBeGreaterThan(1);
    expect(said).toEqual(triggers);
  });
});

describe('zebra-iotc', () => {
  it('counts its events and reports its temperature', () => {
    const own = heard('zebra-iotc').filter(({ message }) => message.topic === 'zebra/door-1/data');
    const numbers = own
      .filter(({ observation }) => isRead(observation))
      .map(({ message }) => (JSON.parse(String(message.payload)) as { data: { eventNum: number } }).data.eventNum);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const measures = own.flatMap(({ decoded }) => decoded.entries.measures);
    expect(measures.some((measure) => measure.name === 'temperature.ambient')).toBe(true);
  });
});

describe('who speaks', () => {
  const file = {
    ...demoFile(),
    devices: [
      { id: 'door-1', format: 'zebra-iotc', topic: 'plant/+/zebra/#' },
      { id: 'over-a', format: 'impinj-iot', topic: 'impinj/over-a/events' },
      { id: 'pack-1', format: 'proglove', topic: 'proglove/pack-1' },
    ],
  };
  const site = planSite({ file });

  it('follows the site file: each device in its format on its topic, the others through the gateway', () => {
    const speak = createSpeakers(speakAsConfigured(site));
    const messages = createSimulation(site, { ...options, speak }).step(MORNING + 4 * MINUTE_MS);
    const devices = messages.filter((message): message is DeviceSent => message.kind === 'device');
    expect(new Set(devices.map((message) => message.topic))).toEqual(
      new Set(['plant/door-1/zebra/data', 'plant/door-1/zebra/mgmt', 'impinj/over-a/events']),
    );
    for (const { topic } of devices)
      expect(file.devices.some((device) => topicMatches(device.topic, topic))).toBe(true);
    const through = messages.flatMap((message) => (message.kind === 'envelope' ? (message.envelope.reads ?? []) : []));
    expect(new Set(through.map((read) => read.reader))).not.toContain('door-1');
    expect(new Set(through.map((read) => read.reader))).toContain('door-2');
    const seqs = messages.flatMap((message) => (message.kind === 'envelope' ? [message.envelope.seq] : []));
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  it('leaves scanners to the gateway', () => {
    expect(allSpeak(site, 'zebra-iotc')('pack-1')).toBeUndefined();
    expect(allSpeak(site, 'zebra-iotc')('door-2')?.topics.data).toBe('zebra/door-2/data');
  });
});
