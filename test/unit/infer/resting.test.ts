// What is kept of a tag that has left for good is all that its next read asks for.
import { describe, expect, it } from 'vitest';
import { lastAtOf } from '../../../src/clean/sighting.ts';
import { isAtRest, openResting, putToRest, wake } from '../../../src/infer/resting.ts';
import { ELSEWHERE_MS, hear, openTrack, settle, type Track } from '../../../src/infer/track.ts';

const LEVEL_DBM = -70;

/** Heard for half a minute, and gone since; crossed, or taken for one that only stayed. */
function gone(tag: number, changes: Partial<Pick<Track, 'mobility' | 'lastCrossing' | 'idle'>>): Track {
  const track = openTrack(tag, 0);
  for (let second = 0; second < 30; second++) hear(track, second * 1000, 2 + (second % 2), -60, 0, LEVEL_DBM);
  settle(track, Number.POSITIVE_INFINITY, () => 0);
  track.leftAt = lastAtOf(track.sighting!);
  track.sighting = undefined;
  track.passageFrom = Number.NaN;
  return Object.assign(track, changes);
}

const crossed = { at: 20_123.5, portal: 3, direction: 'out' } as const;
const HOUR_MS = 3_600_000;

describe('a tag that was put to rest', () => {
  it.each([
    { name: 'that moved', changes: { mobility: 1.25 } },
    { name: 'that stood', changes: { mobility: -2 } },
    { name: 'that crossed', changes: { mobility: 0.4, lastCrossing: crossed } },
    { name: 'that turned back', changes: { idle: { outcome: 'turned_back', until: 2 * HOUR_MS } as const } },
    { name: 'that stayed long ago', changes: { idle: { outcome: 'stayed', until: HOUR_MS / 2 } as const } },
  ])('sounds as it would have, $name', ({ changes }) => {
    const resting = openResting();
    putToRest(resting, gone(7, changes), HOUR_MS);
    const kept = gone(7, changes);
    const woken = wake(resting, 7, 0);
    for (const track of [kept, woken]) hear(track, HOUR_MS, 2, -55, 0, LEVEL_DBM);
    const { idle, leftAt: _, ...rest } = kept;
    const isToldAgain = idle === undefined || HOUR_MS > idle.until;
    const { leftAt: __, ...other } = woken;
    expect(other).toEqual({ ...rest, idle: isToldAgain ? undefined : idle });
  });

  it('is at rest when its next read finds it anew, whenever that comes', () => {
    const track = gone(7, {});
    expect(isAtRest(track, track.leftAt + ELSEWHERE_MS - 1)).toBe(false);
    expect(isAtRest(track, track.leftAt + ELSEWHERE_MS)).toBe(true);
    hear(track, HOUR_MS, 2, -55, 0, LEVEL_DBM);
    expect(isAtRest(track, 2 * HOUR_MS)).toBe(false);
  });

  it('takes no room when nothing is left of it, and the room of another otherwise', () => {
    const resting = openResting();
    for (let tag = 0; tag < 100; tag++) putToRest(resting, gone(tag, { mobility: 1 + tag }), HOUR_MS);
    const { length } = resting.numbers;
    for (let tag = 0; tag < 50; tag++) putToRest(resting, gone(tag, { mobility: 0 }), HOUR_MS);
    expect(resting.tags).toBe(50);
    for (let tag = 100; tag < 150; tag++) putToRest(resting, gone(tag, { mobility: 1 + tag }), HOUR_MS);
    expect(resting.numbers.length).toBe(length);
    for (let tag = 0; tag < 150; tag++) expect(wake(resting, tag, 0).mobility).toBe(tag < 50 ? 0 : 1 + tag);
  });
});
