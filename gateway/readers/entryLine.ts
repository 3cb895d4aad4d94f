// One line of JSON to observations: a read, a scan, a trigger or a measure exactly as in an envelope (section 4.1), or a whole
// envelope, of which only the entries count: the gateway numbers its own.
import { Compile } from 'typebox/compile';
import type { Static, TSchema } from 'typebox';
import { messageOf } from '../../src/kit/faults.ts';
import { MeasureEntry, ReadEntry, ScanEntry, TriggerEntry } from '../../src/wire/envelope.ts';
import { formatTime, parseTime } from '../../src/wire/time.ts';
import { PLACES, type Place } from '../entryJson.ts';
import type { Observation } from '../reader.ts';

/** What a line says. */
export interface EntryLine {
  readonly observations: readonly Observation[];
  /** When it was said: receivedAt or sentAt of an envelope, else the time of the first entry; ms, undefined without any. */
  readonly at: number | undefined;
  /** What of it could not be used, and why. */
  readonly problems: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

const CHECKS = {
  reads: Compile(ReadEntry as TSchema),
  scans: Compile(ScanEntry as TSchema),
  triggers: Compile(TriggerEntry as TSchema),
  measures: Compile(MeasureEntry as TSchema),
} as const;
const PROBLEMS_MAX = 10;

/** `now` (ms) stands in for a missing time: for live input only; undefined makes a time compulsory. */
export function parseEntryLine(text: string, now: number | undefined): EntryLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return unusable(`not JSON: ${messageOf(error)}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return unusable('not a JSON object');
  const line = value as Json;
  const isEnvelope = PLACES.some((place) => place in line);
  const place = isEnvelope ? undefined : placeOf(line);
  if (!isEnvelope && place === undefined) {
    return unusable('neither a read (epc), a scan (data), a trigger (input), a measure (value) nor an envelope');
  }
  return place === undefined ? envelopeLine(line, now) : entryLine(place, line, now);
}

const unusable = (problem: string): EntryLine => ({ observations: [], at: undefined, problems: [problem] });

function placeOf(line: Json): Place | undefined {
  if ('epc' in line) return 'reads';
  if ('data' in line) return 'scans';
  if ('input' in line) return 'triggers';
  return 'value' in line ? 'measures' : undefined;
}

function entryLine(place: Place, line: Json, now: number | undefined): EntryLine {
  const observation = observationOf(place, line, now);
  return typeof observation === 'string'
    ? unusable(observation)
    : { observations: [observation], at: timeOf(observation), problems: [] };
}

function envelopeLine(line: Json, now: number | undefined): EntryLine {
  const observations: Observation[] = [];
  const problems: string[] = [];
  for (const place of PLACES) {
    const list = line[place];
    if (list === undefined || list === null) continue;
    if (!Array.isArray(list)) return unusable(`${place} is not a list`);
    for (const [index, entry] of list.entries()) {
      const observation = observationOf(place, entry, now);
      if (typeof observation !== 'string') observations.push(observation);
      else if (problems.length < PROBLEMS_MAX) problems.push(`${place}[${index}]: ${observation}`);
    }
  }
  const said = [line.receivedAt, line.sentAt].map((time) => (typeof time === 'string' ? parseTime(time) : Number.NaN));
  const at = said.find((time) => !Number.isNaN(time)) ?? (observations[0] && timeOf(observations[0]));
  return { observations, at, problems };
}

/** Or what is wrong with it. */
function observationOf(place: Place, value: unknown, now: number | undefined): Observation | string {
  const named = place === 'reads' ? 'seenAt' : 'at';
  const given = value as Json | null;
  const isUntimed = given !== null && typeof given === 'object' && given[named] === undefined;
  const entry = now !== undefined && isUntimed ? { ...given, [named]: formatTime(now) } : given;
  if (!CHECKS[place].Check(entry)) {
    const [error] = CHECKS[place].Errors(entry);
    return `${error?.instancePath.slice(1).replaceAll('/', '.') ?? ''} ${error?.message ?? 'is wrong'}`.trim();
  }
  const at = parseTime(String((entry as Json)[named]));
  return Number.isNaN(at) ? `${named} is no RFC 3339 time with a zone` : checked(place, entry, at);
}

/** Field by field: what else a line says is not sent on. */
function checked(place: Place, entry: unknown, at: number): Observation {
  switch (place) {
    case 'reads': {
      const { reader, antenna, epc, rssiDbm, count } = entry as Static<typeof ReadEntry>;
      return { kind: 'read', read: { reader, antenna, epc, rssiDbm, seenAt: at, count } };
    }
    case 'scans': {
      const { device, data, operator, task } = entry as Static<typeof ScanEntry>;
      return { kind: 'scan', scan: { device, data, at, operator, task } };
    }
    case 'triggers': {
      const { reader, input, high } = entry as Static<typeof TriggerEntry>;
      return { kind: 'trigger', trigger: { reader, input, high, at } };
    }
    default: {
      const { device, name, value, unit } = entry as Static<typeof MeasureEntry>;
      return { kind: 'measure', measure: { device, name, value, unit, at } };
    }
  }
}

/** The device's time of an observation, ms. */
export function timeOf(observation: Observation): number {
  switch (observation.kind) {
    case 'read':
      return observation.read.seenAt;
    case 'scan':
      return observation.scan.at;
    case 'trigger':
      return observation.trigger.at;
    default:
      return observation.measure.at;
  }
}

/** The same, `byMs` later. */
export function shifted(observation: Observation, byMs: number): Observation {
  switch (observation.kind) {
    case 'read':
      return { kind: 'read', read: { ...observation.read, seenAt: observation.read.seenAt + byMs } };
    case 'scan':
      return { kind: 'scan', scan: { ...observation.scan, at: observation.scan.at + byMs } };
    case 'trigger':
      return { kind: 'trigger', trigger: { ...observation.trigger, at: observation.trigger.at + byMs } };
    default:
      return { kind: 'measure', measure: { ...observation.measure, at: observation.measure.at + byMs } };
  }
}
