// A snapshot of a former release, an object a read, and one of this release give back what was heard.
import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { antennasOf, firstAtOf, lastAtOf, readsOf } from '../../../src/clean/sighting.ts';
import type { Fold } from '../../../src/infer/fold.ts';
import type { Decision } from '../../../src/infer/passage.ts';
import type { KnownPassage } from '../../../src/infer/passages.ts';
import {
  antennaOf,
  countOf,
  kept,
  parkedOf,
  readsOf as keptReads,
  rssiDbmOf,
  timeOf,
} from '../../../src/infer/recent.ts';
import { openResting, putToRest, wake } from '../../../src/infer/resting.ts';
import { copyTrack, eachBaseline, hear, openTrack, settle, type Track } from '../../../src/infer/track.ts';
import { restoreHeard } from '../../../src/post/formerTracks.ts';

/** Heard by two antennas, one of which tells no strength, for some seconds. */
function heard(): Track {
  const track = openTrack(7, 0);
  for (let read = 0; read < 40; read++)
    hear(
      track,
      1_767_600_000_000.25 + read * 400,
      3 + (read % 2),
      read % 4 === 1 ? Number.NaN : -60 - read / 2,
      0,
      -68,
    );
  settle(track, 1_767_600_008_000, () => 0);
  return track;
}

const decisionOf = (track: Track): Decision => ({
  tag: track.tag,
  portal: 0,
  outcome: 'undecided',
  leading: 'in',
  probability: 0.7,
  firstAt: track.passageFrom,
  lastAt: lastAtOf(track.sighting!),
  crossedAt: undefined,
  decidedAt: lastAtOf(track.sighting!),
  group: undefined,
  scores: { in: 0, out: 0, mobility: 0, pooled: 0 },
  reads: kept(track.recent),
});

function heardOf(track: Track) {
  const decision = decisionOf(track);
  const resting = openResting();
  const fold = { resting, tracks: new Map([[track.tag, track]]) } as unknown as Fold;
  const old = { resting, tracks: new Map([[track.tag, copyTrack(track, 0)]]) } as unknown as Fold;
  const passage: KnownPassage = {
    id: 'p',
    epc: 'E',
    revision: 1,
    decisions: [decision],
    told: decision,
    decidedBy: undefined,
  };
  return {
    areas: [{ fold, checkpoints: [old, fold], decisions: [decision] }],
    passages: new Map([['p', passage]]),
  };
}

/** As former releases had it. */
function formerly(track: Track): unknown {
  const baselines = new Map<number, unknown>();
  eachBaseline(track.baselines, (antenna, reads, meanDbm) => baselines.set(antenna, { reads, meanDbm }));
  const recent = Array.from({ length: countOf(track.recent) }, (_, read) => ({
    at: timeOf(track.recent, read),
    antenna: antennaOf(track.recent, read),
    rssiDbm: rssiDbmOf(track.recent, read),
    rssi: 0,
    parked: parkedOf(track.recent, read),
  }));
  const { sighting } = track;
  const antennas = antennasOf(sighting!).map(({ antenna, ...rest }) => [antenna, { ...rest, withRssi: 0 }] as const);
  return {
    ...track,
    recent,
    baselines,
    sighting: {
      firstAt: firstAtOf(sighting!),
      lastAt: lastAtOf(sighting!),
      reads: readsOf(sighting!),
      longestGapMs: 0,
      antennas: new Map(antennas),
    },
  };
}

function formerHeardOf(track: Track) {
  const now = heardOf(track);
  const decision = { ...decisionOf(track), reads: keptReads(kept(track.recent)) };
  const fold = { tracks: new Map([[track.tag, formerly(track)]]) };
  return {
    areas: [{ fold, checkpoints: [{ tracks: new Map([[track.tag, formerly(track)]]) }, fold], decisions: [decision] }],
    passages: new Map([['p', { ...now.passages.get('p')!, decisions: [decision], told: decision }]]),
  };
}

describe('what was heard of tags', () => {
  it.each([
    { name: 'as a former release kept it', of: formerHeardOf },
    { name: 'as this one does', of: heardOf },
  ])('is the same after a snapshot, $name', ({ of }) => {
    const back = deserialize(serialize(of(heard()))) as ReturnType<typeof heardOf>;
    restoreHeard(back);
    expect(back).toEqual(heardOf(heard()));
    const [{ fold, checkpoints }] = back.areas as [(typeof back.areas)[0]];
    expect(checkpoints.every(({ resting }) => resting === fold.resting)).toBe(true);
  });

  it('is known of those at rest, which a former release found by a map', () => {
    const track = { ...heard(), sighting: undefined, mobility: 1.25 };
    const resting = openResting();
    putToRest(resting, track, track.leftAt);
    const former = { places: new Map([[track.tag, 4]]), numbers: new Float64Array(8), free: [0] };
    former.numbers.set(resting.numbers.subarray(0, 4), 4);
    const back = { areas: [{ fold: { resting: former, tracks: new Map() }, checkpoints: [], decisions: [] }] };
    restoreHeard({ ...back, passages: new Map() } as unknown as Parameters<typeof restoreHeard>[0]);
    const { fold } = back.areas[0]! as unknown as { readonly fold: Fold };
    expect(wake(fold.resting, track.tag, 0)).toEqual(wake(resting, track.tag, 0));
    expect(wake(fold.resting, track.tag, 0).mobility).toBe(1.25);
  });
});
