// Readers that speak for themselves instead of through a gateway: which ones, in which format, on which topics.
import type { SitePlan } from '../../src/config/plan.ts';
import type { Observation } from '../envelopes.ts';
import type { DeviceSent } from '../messages.ts';
import { createImpinj } from './impinj.ts';
import type { Speech, Topics } from './speech.ts';
import { createZebra } from './zebra.ts';

export const SPOKEN_FORMATS = ['zebra-iotc', 'impinj-iot'] as const;
export type SpokenFormat = (typeof SPOKEN_FORMATS)[number];

const VOICES: Readonly<Record<SpokenFormat, (topics: Topics) => Speech>> = {
  'zebra-iotc': createZebra,
  'impinj-iot': createImpinj,
};

/** Which format a device speaks; undefined when it leaves that to its gateway. */
export type Spoken = (device: string) => { readonly format: SpokenFormat; readonly topics: Topics } | undefined;

/** Every reader in one format, on the topic of the site file where that has one. Scanners stay with the gateway. */
export function allSpeak(plan: SitePlan, format: SpokenFormat): Spoken {
  const readers = new Set(plan.readPoints.flatMap((point) => point.readers));
  for (const point of plan.readPoints) if (point.kind === 'portal' && point.trigger) readers.add(point.trigger.reader);
  return (device) => {
    if (!readers.has(device)) return undefined;
    const configured = plan.devices.find((other) => other.id === device && other.format === format);
    return {
      format,
      topics: configured === undefined ? defaultTopics(device, format) : topicsOf(configured.topic, device),
    };
  };
}

/** Each device as the site file says; those it does not list leave it to the gateway. */
export const speakAsConfigured =
  (plan: SitePlan): Spoken =>
  (device) => {
    const configured = plan.devices.find((other) => other.id === device);
    const format = SPOKEN_FORMATS.find((known) => known === configured?.format);
    return configured === undefined || format === undefined
      ? undefined
      : { format, topics: topicsOf(configured.topic, device) };
  };

/** What devices say for themselves; undefined for what their gateway must say. */
export function createSpeakers(spoken: Spoken): (device: string, observation: Observation) => DeviceSent[] | undefined {
  const voices = new Map<string, Speech | undefined>();
  return (device, observation) => {
    if (!voices.has(device)) {
      const way = spoken(device);
      voices.set(device, way === undefined ? undefined : VOICES[way.format](way.topics));
    }
    return voices.get(device)?.(observation);
  };
}

/** The names of DESIGN 4.2. */
const defaultTopics = (device: string, format: SpokenFormat): Topics =>
  format === 'zebra-iotc'
    ? { data: `zebra/${device}/data`, management: `zebra/${device}/data` }
    : { data: `impinj/${device}/events`, management: `impinj/${device}/events` };

/** A topic that matches the filter: its own name for +, and where # leaves room, one topic for each kind. */
function topicsOf(filter: string, device: string): Topics {
  const topic = filter.replaceAll('+', device);
  if (!topic.endsWith('#')) return { data: topic, management: topic };
  const stem = topic.slice(0, -1);
  return { data: `${stem}data`, management: `${stem}mgmt` };
}
