// Clocks of readers that are wrong: by a constant, by a drift, by sudden steps, or by decades. A function of the device
// and the true time, so what a clock shows does not depend on who asked before.
import type { EnvelopeMessage } from '../../src/wire/envelope.ts';
import { formatTime, parseTime } from '../../src/wire/time.ts';
import type { TimedMessage } from '../messages.ts';
import { mix, noiseKey, uniformOf, type NoiseKey } from '../radio/noise.ts';
import type { FaultOptions } from './options.ts';

/** What the clock of a device shows (ms) at a true time (ms). */
export type DeviceClock = (device: string, at: number) => number;

const DAY_MS = 86_400_000;
const NEVER_SET_MS = Date.UTC(2000, 0, 1);
/** A reader that was never set was switched on up to so long before the recording begins. */
const UPTIME_MS = 6 * 3_600_000;

type ClockOptions = Pick<FaultOptions, 'clockMs' | 'driftPpm' | 'clockStepsPerDay' | 'year2000'>;

export const hasClockFaults = (options: ClockOptions): boolean =>
  options.clockMs > 0 || options.driftPpm > 0 || options.clockStepsPerDay > 0 || options.year2000 > 0;

/** The clocks of all devices. Drift counts from `startAt`; steps come at whole hours. */
export function createClocks(options: ClockOptions, seed: number, startAt: number): DeviceClock {
  const clocks = new Map<string, (at: number) => number>();
  return (device, at) => {
    let clock = clocks.get(device);
    if (clock === undefined) clocks.set(device, (clock = clockOf(options, noiseKey(seed, 'clock', device), startAt)));
    return clock(at);
  };
}

function clockOf(options: ClockOptions, key: NoiseKey, startAt: number): (at: number) => number {
  const within = (limit: number, nth: number): number => (uniformOf(mix(key, nth)) * 2 - 1) * limit;
  if (uniformOf(mix(key, 1)) < options.year2000) {
    const switchedOnAt = startAt - uniformOf(mix(key, 2)) * UPTIME_MS;
    return (at) => NEVER_SET_MS + Math.max(0, at - switchedOnAt);
  }
  const offsetMs = within(options.clockMs, 3);
  const drift = within(options.driftPpm, 4) / 1_000_000;
  const stepsMs = stepsOf(options, mix(key, 5), startAt);
  return (at) => at + offsetMs + drift * (at - startAt) + stepsMs(at);
}

/** The sum of all steps until a time. */
function stepsOf(options: ClockOptions, key: NoiseKey, startAt: number): (at: number) => number {
  if (options.clockStepsPerDay === 0) return () => 0;
  const hourMs = DAY_MS / 24;
  const sums: number[] = [0];
  return (at) => {
    const hour = Math.max(0, Math.floor((at - startAt) / hourMs));
    for (let next = sums.length; next <= hour; next++) {
      const steps = uniformOf(mix(mix(key, next), 1)) < options.clockStepsPerDay / 24;
      sums.push(sums[next - 1]! + (steps ? (uniformOf(mix(mix(key, next), 2)) * 2 - 1) * options.clockMs : 0));
    }
    return sums[hour]!;
  };
}

/** A recorded message as readers with such clocks would have sent it. Envelopes only; the gateway's clock stays right. */
export function withClocks(message: TimedMessage, clock: DeviceClock): TimedMessage {
  if (message.kind !== 'envelope') return message;
  const { reads, scans, triggers, measures } = message.envelope;
  const skewed = (device: string, time: string): string => {
    const at = parseTime(time);
    return Number.isNaN(at) ? time : formatTime(Math.max(0, clock(device, at)));
  };
  const envelope: EnvelopeMessage = {
    ...message.envelope,
    ...(reads && { reads: reads.map((read) => ({ ...read, seenAt: skewed(read.reader, read.seenAt) })) }),
    ...(scans && { scans: scans.map((scan) => ({ ...scan, at: skewed(scan.device, scan.at) })) }),
    ...(triggers && { triggers: triggers.map((trigger) => ({ ...trigger, at: skewed(trigger.reader, trigger.at) })) }),
    ...(measures && { measures: measures.map((measure) => ({ ...measure, at: skewed(measure.device, measure.at) })) }),
  };
  return { ...message, envelope };
}
