// What is remembered of a tag between two sightings.
import { describe, expect, it } from 'vitest';
import { lastAtOf } from '../../../src/clean/sighting.ts';
import { eachBaseline, hear, openTrack, settle, type Track } from '../../../src/infer/track.ts';

const LEVEL_DBM = -75;
const INSIDE = 0;

/** Those of which it is known what the tag sounds like where it stands. */
function antennasOf({ baselines }: Track): number[] {
  const antennas: number[] = [];
  eachBaseline(baselines, (antenna) => antennas.push(antenna));
  return antennas;
}

/** Heard inside by one antenna, every second of a minute, and gone since. */
function stood(mobility: number): Track {
  const track = openTrack(0, 0);
  for (let second = 0; second < 60; second++) hear(track, second * 1000, 2, -60, INSIDE, LEVEL_DBM);
  settle(track, Number.POSITIVE_INFINITY, () => INSIDE);
  track.leftAt = lastAtOf(track.sighting!);
  track.sighting = undefined;
  track.mobility = mobility;
  return track;
}

describe('a tag that comes back', () => {
  it('soon, stands where it stood', () => {
    const track = stood(-2);
    const { surprisedAt } = track;
    hear(track, 120_000, 2, -60, INSIDE, LEVEL_DBM);
    expect(track.surprisedAt).toBe(surprisedAt);
    expect(track.heardInside).toBeGreaterThan(10);
    expect(antennasOf(track)).toEqual([2]);
    expect(track.mobility).toBe(-2);
  });

  it('after minutes, may have been anywhere: that it once stayed says nothing, that it once moved does', () => {
    const track = stood(-2);
    hear(track, 240_000, 2, -60, INSIDE, LEVEL_DBM);
    expect(track.surprisedAt).toBe(240_000);
    expect(track.heardInside).toBe(0);
    expect(antennasOf(track)).toEqual([]);
    expect(track.mobility).toBe(0);
    const mover = stood(1.5);
    hear(mover, 240_000, 2, -60, INSIDE, LEVEL_DBM);
    expect(mover.mobility).toBe(1.5);
  });
});
