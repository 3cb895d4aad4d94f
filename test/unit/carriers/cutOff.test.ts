// Until when a carrier takes what leaves next, by the clock of the site.
import { describe, expect, it } from 'vitest';
import { leavesBy } from '../../../src/carriers/cutOff.ts';

const at = (text: string): number => Date.parse(text);
const next = (of: Parameters<typeof leavesBy>[0], now: string, service?: string, zone = 'Europe/Brussels') => {
  const time = leavesBy(of, service, zone, at(now));
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('a cut-off', () => {
  it('is today as long as it is not over, else the next day', () => {
    expect(next({ cutOff: '16:30' }, '2026-11-27T15:29:59Z')).toBe('2026-11-27T15:30:00.000Z');
    expect(next({ cutOff: '16:30' }, '2026-11-27T15:30:00Z')).toBe('2026-11-28T15:30:00.000Z');
    expect(next({}, '2026-11-27T15:30:00Z')).toBeUndefined();
  });

  it('is that of the service, else of the carrier, on a day on which it comes', () => {
    const carrier = {
      cutOff: '16:30',
      days: ['mon', 'fri'],
      services: [{ id: 'ECO' }, { id: 'EXPRESS', cutOff: '18:00' }],
    } as const;
    const friday = '2026-11-27T16:00:00Z'; // 17:00
    expect(next(carrier, friday, 'EXPRESS')).toBe('2026-11-27T17:00:00.000Z');
    expect(next(carrier, friday, 'ECO')).toBe('2026-11-30T15:30:00.000Z');
  });

  it('is right when the clocks change in between, in either direction', () => {
    expect(next({ cutOff: '16:30' }, '2026-03-28T20:00:00Z')).toBe('2026-03-29T14:30:00.000Z');
    expect(next({ cutOff: '16:30' }, '2026-10-24T20:00:00Z')).toBe('2026-10-25T15:30:00.000Z');
    expect(next({ cutOff: '00:00' }, '2026-10-24T20:00:00Z')).toBe('2026-10-24T22:00:00.000Z');
    expect(next({ cutOff: '09:00' }, '2026-06-01T00:00:00Z', undefined, 'Pacific/Auckland')).toBe(
      '2026-06-01T21:00:00.000Z',
    );
  });
});
