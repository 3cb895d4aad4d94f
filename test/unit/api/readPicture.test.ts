// The picture of a passage: what it draws, and that nothing a reader sends can break out of it.
import { describe, expect, it } from 'vitest';
import { readPicture } from '../../../src/api/readPicture.ts';
import type { PassageJson } from '../../../src/wire/movement.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { epcOf, smallPlan } from '../../support/sites.ts';

const AT = Date.UTC(2026, 10, 26, 9);
const passage = (more: Partial<PassageJson> = {}): PassageJson => ({
  id: '00000000-0000-8000-8000-000000000001',
  site: 'T1',
  readPoint: 'DOOR',
  epc: epcOf(1),
  sku: null,
  outcome: 'in',
  leading: 'in',
  probability: 0.987,
  firstAt: formatTime(AT - 1000),
  lastAt: formatTime(AT + 1000),
  crossedAt: formatTime(AT),
  group: { id: '00000000-0000-8000-8000-000000000002', size: 12 },
  decidedBy: null,
  ...more,
});
const read = (antenna: number, ms: number, rssiDbm?: number, reader = 'door') => ({
  reader,
  antenna,
  epc: epcOf(1),
  seenAt: formatTime(AT + ms),
  ...(rssiDbm === undefined ? {} : { rssiDbm }),
});
const heights = (svg: string): number[] => [...svg.matchAll(/cy="([\d.]+)"/g)].map(([, y]) => Number(y));
const places = (svg: string): number[] => [...svg.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));

describe('the picture of a passage', () => {
  it('has outside above inside, earlier left of later, stronger above weaker, and says what was decided', () => {
    const svg = readPicture(passage(), [read(3, 500, -50), read(1, -900, -70), read(1, -300, -55)], smallPlan());
    expect(svg.indexOf('>door / 1<')).toBeLessThan(svg.indexOf('>door / 3<'));
    const [weak, strong, inside] = heights(svg);
    expect(strong).toBeLessThan(weak!);
    expect(inside).toBeGreaterThan(weak!);
    const [first, second, third] = places(svg);
    expect(first! < second! && second! < third!).toBe(true);
    expect(svg).toContain('in (98.7 %), with 11 others; 3 reads');
    expect(svg).toContain('outside: 2, best −55 dBm');
    expect(svg.match(/class="cross"/g)).toHaveLength(1);
  });

  it('marks no crossing where there was none, and draws a read without RSSI at the foot of its lane', () => {
    const stayed = passage({ outcome: 'stayed', leading: 'stayed', crossedAt: null, group: null });
    const svg = readPicture(stayed, [read(1, 0), read(1, 100, -60)], smallPlan());
    expect(svg).not.toContain('class="cross"');
    const [without, withStrength] = heights(svg);
    expect(without).toBeGreaterThan(withStrength!);
    expect(svg).toContain('no RSSI');
  });

  it('is a picture also when no read was kept, and when nobody knows the antenna any more', () => {
    expect(readPicture(passage({ crossedAt: null }), [], smallPlan())).toContain('No read was kept.');
    expect(readPicture(passage(), [read(9, 0, -60, 'gone')], undefined)).toContain('gone / 9');
    expect(readPicture(passage(), [read(9, 0, -60, 'gone')], undefined)).not.toContain('NaN');
  });

  it('writes names as text, whatever is in them', () => {
    const svg = readPicture(passage(), [read(1, 0, -60, '<script>"&\'')], undefined);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;&quot;&amp;&#39; / 1');
  });
});
