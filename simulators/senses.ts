// What all devices of a site observe: the radio hears what the warehouse moves, people scan, photo-eyes switch, readers
// tell about their health. In the order in which gateways hear of it, on the clocks that the devices have.
import type { Observation } from './envelopes.ts';
import { createHealth } from './health.ts';
import type { Geometry } from './radio/geometry.ts';
import type { Level } from './radio/levels.ts';
import type { NoiseKey } from './radio/noise.ts';
import { createRadio } from './radio/radio.ts';
import { mountTag, type Body, type MountedTag } from './radio/tags.ts';
import type { Load } from './warehouse/state.ts';
import type { TruthLine } from './warehouse/truth.ts';
import type { Warehouse } from './warehouse/warehouse.ts';

export interface SensesOptions {
  readonly startAt: number;
  readonly level: Level;
  readonly noise: NoiseKey;
  /** What the clock of a device shows (ms) at a true time. */
  readonly clock: (device: string, at: number) => number;
}

export interface Senses {
  readonly now: () => number;
  /** What is observed until `to`; the warehouse advances with it. */
  readonly advance: (to: number) => Observation[];
  readonly takeTruth: () => TruthLine[];
}

export function createSenses(geometry: Geometry, warehouse: Warehouse, options: SensesOptions): Senses {
  const { level, noise } = options;
  const radio = createRadio(geometry, level, noise);
  const readers = geometry.readers.map((reader) => reader.reader);
  const health = createHealth(readers, noise);
  const bodies = bodiesOf(warehouse, noise, level);
  const shown = (device: string, at: number): number => Math.max(0, options.clock(device, at));
  const truth: TruthLine[] = [];
  let now = options.startAt;

  /** Nothing is decided between two moments of the warehouse, so the radio may hear that time in one go. */
  function* hear(to: number): Generator<Observation> {
    for (const { reportedAt, ...read } of radio.reads(now, to, bodies())) {
      yield { kind: 'read', at: reportedAt, read: { ...read, seenAt: shown(read.reader, read.seenAt) } };
    }
    for (const measure of health.between(now, to)) {
      yield { kind: 'measure', at: measure.at, measure: { ...measure, at: shown(measure.device, measure.at) } };
    }
    const happened = warehouse.advance(to);
    for (const scan of happened.scans) {
      yield { kind: 'scan', at: scan.at, scan: { ...scan, at: shown(scan.device, scan.at) } };
    }
    for (const trigger of happened.triggers) {
      yield { kind: 'trigger', at: trigger.at, trigger: { ...trigger, at: shown(trigger.reader, trigger.at) } };
    }
    truth.push(...happened.truth);
  }

  return {
    now: () => now,
    takeTruth: () => truth.splice(0),
    advance: (to) => {
      const observations: Observation[] = [];
      for (let until = now; until < to; now = until) {
        until = Math.min(to, Math.max(now, warehouse.nextAt()));
        observations.push(...hear(until));
      }
      return observations.sort((a, b) => a.at - b.at);
    },
  };
}

/** What the radio may hear: every load with its label and its working tags, mounted once. */
function bodiesOf(warehouse: Warehouse, noise: NoiseKey, level: Level): () => Body[] {
  const mounted = new WeakMap<Load['units'], readonly MountedTag[]>();
  const mount = (load: Load): readonly MountedTag[] => {
    const epcs = load.units.filter((epc) => warehouse.unit(epc).tagged);
    if (load.epc !== null) epcs.unshift(load.epc);
    return epcs.map((epc) => mountTag(noise, String(load.id), epc, level));
  };
  return () =>
    warehouse.loads().map((load) => {
      let tags = mounted.get(load.units);
      if (tags === undefined) mounted.set(load.units, (tags = mount(load)));
      return { track: load.track, tags };
    });
}
