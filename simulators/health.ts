// What readers tell about themselves once a minute. A function of reader and time, so nothing needs to be kept.
import type { Measure } from '../src/wire/entries.ts';
import { gaussianOf, mix, noiseKey, uniformOf, type NoiseKey } from './radio/noise.ts';

export interface Health {
  /** Reports that fall into (from, to], in order of time. */
  readonly between: (from: number, to: number) => readonly Measure[];
}

const PERIOD_MS = 60_000;
/** A reader is as warm as the hall and what it does: some degrees more at noon than at night. */
const MEAN_CEL = 38;
const READER_SD_CEL = 3;
const DAY_CEL = 4;
const JITTER_CEL = 0.3;
const DAY_MS = 86_400_000;

export function createHealth(readers: readonly string[], seed: NoiseKey): Health {
  const clocks = readers.map((reader) => {
    const key = mix(seed, noiseKey('health', reader));
    return { reader, key, phaseMs: Math.floor(uniformOf(key) * PERIOD_MS) };
  });
  return {
    between: (from, to) =>
      clocks
        .flatMap(({ reader, key, phaseMs }) => {
          const first = Math.floor((from - phaseMs) / PERIOD_MS) + 1;
          const count = Math.max(0, Math.floor((to - phaseMs) / PERIOD_MS) - first + 1);
          return Array.from({ length: count }, (_, index) =>
            temperature(reader, key, phaseMs + (first + index) * PERIOD_MS),
          );
        })
        .sort((a, b) => a.at - b.at),
  };
}

function temperature(reader: string, key: NoiseKey, at: number): Measure {
  const own = gaussianOf(mix(key, 1)) * READER_SD_CEL;
  const day = Math.sin(((at % DAY_MS) / DAY_MS - 0.375) * 2 * Math.PI) * DAY_CEL;
  const jitter = gaussianOf(mix(key, Math.floor(at / PERIOD_MS))) * JITTER_CEL;
  const value = Math.round((MEAN_CEL + own + day + jitter) * 10) / 10;
  return { device: reader, name: 'temperature.ambient', value, unit: 'Cel', at };
}
