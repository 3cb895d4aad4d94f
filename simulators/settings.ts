// What `tallygate simulate` was asked to do, from its arguments. Every mistake is told as a sentence that says what to do.
import { parseArgs } from 'node:util';
import { messageOf, rejected } from '../src/kit/faults.ts';
import { parseTime } from '../src/wire/time.ts';
import { SPOKEN_FORMATS, type SpokenFormat } from './devices/speakers.ts';
import { NO_FAULTS, parseFaults, type FaultOptions } from './faults/options.ts';
import { LEVEL_NAMES, type LevelName } from './radio/levels.ts';
import { parseAntennaNames, type AntennaNames } from './replay/itemTest.ts';
import { DEFAULT_GATEWAY } from './simulation.ts';

export const HELP = `tallygate simulate: seeded warehouse traffic with its truth, or a recording played again

  tallygate simulate --level typical --seed 7 --minutes 30 --out reads.ndjson --truth truth.ndjson
  tallygate simulate --mqtt mqtt://127.0.0.1:1883 --speed 10 --minutes 60
  tallygate simulate --replay run-1m.csv --reader 1=door-1/3,2=door-1/4,3=door-1/1,4=door-1/2 --out reads.ndjson

What to play
  --site FILE       site file, may be given several times   (config/sites/dc1.yaml)
  --level NAME      clean, typical or hostile               (typical)
  --seed N          the same seed gives the same day        (1)
  --minutes N       how long, in simulated time             (10; over MQTT at speed 1 until stopped)
  --start TIME      when the day begins, RFC 3339           (to a file 2026-01-05T08:00:00Z, over MQTT now)
  --state FILE      go on where the last run with this file ended; begins it
  --replay FILE     a recording instead: ItemTest log, or NDJSON of envelopes or of MQTT messages
  --reader NAMES    whose an ItemTest log is: door-1, or antenna by antenna 1=door-1/3,2=door-1/4
  --shift           move a recording in time so that it begins now

How it is spoken
  --format NAME     envelope, ${SPOKEN_FORMATS.join(', ')}, or site: as the site file says   (envelope)
  --gateway NAMES   gateway of all readers, or reader by reader door-1=gw-a,over-a=gw-b      (${DEFAULT_GATEWAY})
  --faults LIST     loss=0.01,duplicate=0.02,outageEveryMs=600000, or a level first: typical,loss=0.01

Where it goes
  --out FILE        NDJSON, one message a line; - for standard output
  --mqtt URL        broker; QoS 1, every message waits for its PUBACK
  --truth FILE      what really happened, NDJSON (not for recordings)
  --speed N         multiple of real time; max for as fast as possible   (to a file max, over MQTT 1)
`;

export interface Settings {
  readonly sites: readonly string[];
  readonly level: LevelName;
  readonly seed: number;
  /** Infinity: until stopped. */
  readonly durationMs: number;
  /** Undefined: now over MQTT, else where the saved state ends, else FILE_START_MS. */
  readonly startAt: number | undefined;
  readonly state: string | undefined;
  readonly replay: string | undefined;
  readonly names: AntennaNames | undefined;
  readonly shift: boolean;
  readonly format: 'envelope' | 'site' | SpokenFormat;
  readonly gatewayOf: (device: string) => string;
  readonly faults: FaultOptions;
  readonly out: string | undefined;
  readonly mqtt: string | undefined;
  readonly truth: string | undefined;
  readonly speed: number;
}

const DEFAULT_SITE = 'config/sites/dc1.yaml';
export const FILE_START_MS = Date.UTC(2026, 0, 5, 8);
const DEFAULT_MINUTES = 10;
const FORMATS = ['envelope', 'site', ...SPOKEN_FORMATS] as const;

/** Undefined when help was asked for. Throws a `rejected` fault `bad-arguments`. */
export function parseSettings(args: readonly string[]): Settings | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  if (values.out === undefined && values.mqtt === undefined) {
    throw bad('say where the messages go: --out FILE or --mqtt URL (or both).');
  }
  if (values.replay === undefined && (values.reader !== undefined || values.shift === true)) {
    throw bad('--reader and --shift belong to --replay.');
  }
  if (values.replay !== undefined && values.truth !== undefined) throw bad('a recording has no truth to write.');
  if (values.replay !== undefined && values.state !== undefined) throw bad('a recording has no state to go on from.');
  const live = values.mqtt !== undefined;
  const speed = values.speed === undefined ? (live ? 1 : Infinity) : speedOf(values.speed);
  const unlimited = values.minutes === undefined && (values.replay !== undefined || (live && speed === 1));
  if (
    live &&
    values.minutes === undefined &&
    values.replay === undefined &&
    speed !== 1 &&
    values.start === undefined
  ) {
    throw bad(
      'faster than real time needs --minutes: the day begins that long ago, so that it never lies in the future.',
    );
  }
  return {
    sites: values.site ?? [DEFAULT_SITE],
    level: oneOf('--level', values.level ?? 'typical', LEVEL_NAMES),
    seed: numberOf('--seed', values.seed ?? '1', Number.isSafeInteger),
    durationMs: unlimited
      ? Infinity
      : numberOf('--minutes', values.minutes ?? String(DEFAULT_MINUTES), isPositive) * 60_000,
    startAt: values.start === undefined ? undefined : timeOf(values.start),
    state: values.state,
    replay: values.replay,
    names: values.reader === undefined ? undefined : namesOf(values.reader),
    shift: values.shift === true,
    format: oneOf('--format', values.format ?? 'envelope', FORMATS),
    gatewayOf: gatewaysOf(values.gateway ?? DEFAULT_GATEWAY),
    faults: values.faults === undefined ? NO_FAULTS : parseFaults(values.faults),
    out: values.out,
    mqtt: values.mqtt,
    truth: values.truth,
    speed,
  };
}

const bad = (why: string): Error => rejected('bad-arguments', `simulate: ${why}`);

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { ...flag, short: 'h' },
        site: { ...text, multiple: true },
        level: text,
        seed: text,
        minutes: text,
        start: text,
        state: text,
        replay: text,
        reader: text,
        shift: flag,
        format: text,
        gateway: text,
        faults: text,
        out: text,
        mqtt: text,
        truth: text,
        speed: text,
      },
    }).values;
  } catch (error) {
    throw bad(`${messageOf(error)} See --help.`);
  }
}

const isPositive = (value: number): boolean => value > 0 && value < Infinity;

function numberOf(name: string, text: string, isGood: (value: number) => boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!isGood(value)) throw bad(`${name} ${JSON.stringify(text)} is no number that can be used.`);
  return value;
}

const speedOf = (text: string): number => (text === 'max' ? Infinity : numberOf('--speed', text, isPositive));

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw bad(`${name} ${JSON.stringify(text)} is not one of ${known.join(', ')}.`);
  return found;
}

function timeOf(text: string): number {
  const at = parseTime(text);
  if (Number.isNaN(at)) throw bad(`--start ${JSON.stringify(text)} is no time like 2026-01-05T08:00:00Z.`);
  return Math.floor(at);
}

function namesOf(text: string): AntennaNames {
  const names = parseAntennaNames(text);
  if (names === undefined) throw bad(`--reader ${JSON.stringify(text)} is neither door-1 nor 1=door-1/3,2=door-1/4.`);
  return names;
}

function gatewaysOf(text: string): (device: string) => string {
  if (!text.includes('=')) return () => text;
  const gateways = new Map(text.split(',').map((part) => part.trim().split('=') as [string, string]));
  for (const [device, gateway] of gateways) {
    if (device === '' || gateway === undefined || gateway === '')
      throw bad('--gateway is gw-1, or door-1=gw-a,over-a=gw-b.');
  }
  return (device) => gateways.get(device) ?? DEFAULT_GATEWAY;
}
