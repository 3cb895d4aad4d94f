import { describe, expect, it } from 'vitest';
import { createClocks, hasClockFaults, withClocks } from '../../../../simulators/faults/clocks.ts';
import { NO_FAULTS } from '../../../../simulators/faults/options.ts';
import type { EnvelopeSent } from '../../../../simulators/messages.ts';
import { MORNING } from '../demoSite.ts';

const HOUR_MS = 3_600_000;
const readers = Array.from({ length: 200 }, (_, index) => `reader-${index}`);

describe('clocks', () => {
  it('are right when nothing is wrong', () => {
    expect(hasClockFaults(NO_FAULTS)).toBe(false);
    expect(createClocks(NO_FAULTS, 1, MORNING)('door-1', MORNING + 5)).toBe(MORNING + 5);
  });

  it('are off by a constant within the limit, each by its own', () => {
    const clock = createClocks({ ...NO_FAULTS, clockMs: 500 }, 1, MORNING);
    const offsets = readers.map((reader) => clock(reader, MORNING) - MORNING);
    expect(offsets.every((offset) => Math.abs(offset) <= 500)).toBe(true);
    expect(new Set(offsets).size).toBeGreaterThan(190);
    expect(clock('reader-3', MORNING + HOUR_MS) - MORNING - HOUR_MS).toBeCloseTo(offsets[3]!);
  });

  it('drift by some parts in a million', () => {
    const clock = createClocks({ ...NO_FAULTS, driftPpm: 20 }, 1, MORNING);
    const drifts = readers.map((reader) => clock(reader, MORNING + 24 * HOUR_MS) - MORNING - 24 * HOUR_MS);
    expect(Math.max(...drifts.map(Math.abs))).toBeLessThanOrEqual(1728);
    expect(Math.max(...drifts.map(Math.abs))).toBeGreaterThan(1000);
  });

  it('step now and then, and stay there', () => {
    const clock = createClocks({ ...NO_FAULTS, clockMs: 5000, clockStepsPerDay: 6 }, 1, MORNING);
    const offsets = Array.from({ length: 24 }, (_, hour) => {
      const at = MORNING + hour * HOUR_MS + 1;
      return Math.round(clock('door-1', at) - at);
    });
    const steps = offsets.slice(1).filter((offset, index) => offset !== offsets[index]);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.length).toBeLessThan(15);
  });

  it('count from the year 2000 in readers that were never set', () => {
    const clock = createClocks({ ...NO_FAULTS, year2000: 0.5 }, 1, MORNING);
    const years = readers.map((reader) => new Date(clock(reader, MORNING + HOUR_MS)).getUTCFullYear());
    const unset = years.filter((year) => year === 2000).length;
    expect(unset).toBeGreaterThan(70);
    expect(unset).toBeLessThan(130);
    expect(years.filter((year) => year === 2026).length).toBe(200 - unset);
  });

  it('move the times of a recorded envelope, and not the gateway’s own', () => {
    const clock = createClocks({ ...NO_FAULTS, clockMs: 5000 }, 1, MORNING);
    const time = new Date(MORNING).toISOString();
    const message: EnvelopeSent = {
      kind: 'envelope',
      at: MORNING,
      site: 'DC1',
      gateway: 'gw-1',
      envelope: {
        v: 1,
        epoch: 'e',
        seq: 1,
        sentAt: time,
        reads: [{ reader: 'door-1', epc: 'AA', seenAt: time }],
        triggers: [{ reader: 'door-1', input: 1, high: true, at: time }],
      },
    };
    const skewed = withClocks(message, clock);
    expect(skewed).toMatchObject({ at: MORNING, envelope: { sentAt: time } });
    const offset = clock('door-1', MORNING) - MORNING;
    const { envelope } = skewed as EnvelopeSent;
    expect(Date.parse(envelope.reads![0]!.seenAt) - MORNING).toBe(Math.floor(offset));
    expect(envelope.triggers![0]!.at).toBe(envelope.reads![0]!.seenAt);
    expect('scans' in envelope).toBe(false);
  });
});
