import { describe, expect, it } from 'vitest';
import { drive } from '../../../../simulators/radio/track.ts';
import { random } from '../../../../simulators/random.ts';
import { beamBreaks, beginTrip, crossDoor, stagingSpot } from '../../../../simulators/warehouse/trips.ts';

const frame = { id: 'D', x: 0, y: 0, inX: 0, inY: 1, outside: 'world', inside: 'DOCK', trigger: undefined };
const level = { turnBackM: [0.5, 2], stagingM: [1.8, 6] } as const;
const never = { turnBack: 0, stopInDoor: 0 };
const received = { kind: 'moved', as: 'received', to: 'DOCK', readPoint: 'D' } as const;

describe('beamBreaks', () => {
  it('is broken while the pallet is in the plane of the door', () => {
    const through = drive(
      [
        { x: 0, y: -3 },
        { x: 0, y: 3 },
      ],
      0,
      1,
    );
    expect(beamBreaks(through, frame)).toEqual([
      { at: 2400, broken: true },
      { at: 3600, broken: false },
    ]);
  });

  it('stays broken over a stop, and is broken once', () => {
    const stopping = [
      { at: 0, x: 0, y: -1 },
      { at: 1000, x: 0, y: 0 },
      { at: 9000, x: 0, y: 0 },
      { at: 10_000, x: 0, y: 1 },
    ];
    expect(beamBreaks(stopping, frame)).toEqual([
      { at: 400, broken: true },
      { at: 9600, broken: false },
    ]);
  });

  it('does not see what passes beside the door or turns before it', () => {
    expect(
      beamBreaks(
        drive(
          [
            { x: 3, y: -3 },
            { x: 3, y: 3 },
          ],
          0,
          1,
        ),
        frame,
      ),
    ).toEqual([]);
    expect(
      beamBreaks(
        drive(
          [
            { x: 0, y: 3 },
            { x: 0, y: 1 },
            { x: 0, y: 3 },
          ],
          0,
          1,
        ),
        frame,
      ),
    ).toEqual([]);
  });
});

describe('crossDoor', () => {
  it('marks the crossing in the plane of the door', () => {
    const trip = beginTrip(1000, { x: 0, y: -4 }, 2);
    crossDoor(trip, frame, 'in', { level, mistakes: never }, random(1), received);
    expect(trip.marks).toHaveLength(1);
    const { at, mark } = trip.marks[0]!;
    expect(mark).toEqual(received);
    expect(trip.track.find((point) => point.at === at)!.y).toBeCloseTo(0);
    expect(trip.track.at(-1)!.y).toBeCloseTo(2.2);
  });

  it('turns back on its own side, and crosses later', () => {
    const trip = beginTrip(0, { x: 0, y: 4 }, 1);
    const shipped = { kind: 'moved', as: 'shipped', to: 'world', readPoint: 'D' } as const;
    crossDoor(trip, frame, 'out', { level, mistakes: { turnBack: 1, stopInDoor: 0 } }, random(2), shipped);
    const [turned, crossed] = trip.marks;
    expect(turned!.mark).toMatchObject({ kind: 'noted', as: 'turned_back', readPoint: 'D' });
    const before = trip.track.filter((point) => point.at < crossed!.at).map((point) => point.y);
    expect(Math.min(...before)).toBeGreaterThanOrEqual(0.5 - 1e-9);
    expect(crossed!.at - turned!.at).toBeGreaterThan(5000);
  });

  it('stops in the door for 2 to 20 s', () => {
    const trip = beginTrip(0, { x: 0, y: -4 }, 1);
    crossDoor(trip, frame, 'in', { level, mistakes: { turnBack: 0, stopInDoor: 1 } }, random(3), received);
    expect(trip.marks.map(({ mark }) => mark.as).sort()).toEqual(['received', 'stopped']);
    const pause = trip.track
      .slice(1)
      .map((point, index) => ({ ms: point.at - trip.track[index]!.at, y: point.y }))
      .sort((a, b) => b.ms - a.ms)[0]!;
    expect(Math.abs(pause.y)).toBeLessThanOrEqual(0.5);
    expect(trip.at).toBeGreaterThan(2000 + 6200);
  });
});

describe('stagingSpot', () => {
  it('is as far from the door as the level says, beside the lane unless somebody blocks it', () => {
    const chance = random(4);
    for (let round = 0; round < 200; round++) {
      const beside = stagingSpot(frame, 1, false, level, chance);
      expect(beside.x).toBeGreaterThanOrEqual(1.2);
      expect(Math.hypot(beside.x, beside.y)).toBeLessThanOrEqual(6 + 1e-9);
      expect(beside.y).toBeGreaterThan(0);
      expect(Math.abs(stagingSpot(frame, 1, true, level, chance).x)).toBeLessThanOrEqual(0.4);
    }
  });
});
