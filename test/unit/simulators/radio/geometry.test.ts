import { describe, expect, it } from 'vitest';
import { planSite } from '../../../../src/config/plan.ts';
import { fromDoor, geometryOf, spotAt } from '../../../../simulators/radio/geometry.ts';
import { doorsSite } from '../../../../simulators/scenes.ts';
import { demoSite } from '../demoSite.ts';

describe('geometryOf', () => {
  it('hangs the antennas of the demo site where the defaults say', () => {
    const geometry = geometryOf(demoSite());
    expect(geometry.portals.map(({ id, x, y }) => [id, x, y])).toEqual([
      ['DOOR-1', 0, 0],
      ['DOOR-2', 4, 0],
    ]);
    const poses = geometry.readers.find((reader) => reader.reader === 'door-1')!.antennas;
    expect(poses.map(({ antenna, x, y }) => [antenna, x, y])).toEqual([
      [1, -1.5, -0.4],
      [2, 1.5, -0.4],
      [3, -1.5, 0.4],
      [4, 1.5, 0.4],
    ]);
    // Tilted by 35 degrees towards the side they watch, from their post towards the lane.
    const [first, , third] = poses;
    expect([first!.lookX, first!.lookY].map((part) => part.toFixed(3))).toEqual(['0.819', '-0.574']);
    expect([third!.lookX, third!.lookY].map((part) => part.toFixed(3))).toEqual(['0.819', '0.574']);
    const over = geometry.readers.find((reader) => reader.reader === 'over-a')!.antennas;
    expect(over.map(({ use, x, y, lookZ }) => [use, x, y, lookZ])).toEqual([
      ['zone', 4, 12.5, -1],
      ['zone', 4, 15.5, -1],
    ]);
    expect(geometry.readers.find((reader) => reader.reader === 'bench-1')!.antennas[0]!.use).toBe('bench');
  });

  it.each([
    ['2+2', [-1, -1, 1, 1]],
    ['one-side', [1, 1, 1, 1]],
    ['1+1', [-1, 1]],
  ] as const)('knows the layout %s', (layout, sides) => {
    const { readers } = geometryOf(planSite({ file: doorsSite({ doors: 1, layout }) }));
    const poses = readers[0]!.antennas;
    expect(poses.map((pose) => Math.sign(pose.lookY))).toEqual(sides);
    expect(new Set(poses.map(({ x, y, z }) => `${x} ${y} ${z}`)).size).toBe(poses.length);
  });

  it('gives a place to locations that have none, and to each its own', () => {
    const file = doorsSite({ doors: 2, layout: '2+2' });
    const bare = {
      ...file,
      locations: [
        { id: 'DOCK-1', kind: 'dock' as const },
        { id: 'DOCK-2', kind: 'dock' as const },
        { id: 'A', kind: 'pick' as const },
        { id: 'B', kind: 'pick' as const },
      ],
    };
    const { portals, places } = geometryOf(planSite({ file: bare }));
    expect(portals.map((portal) => portal.x)).toEqual([0, 3.66]);
    expect(places.get('A')).not.toEqual(places.get('B'));
  });

  it('sees spots as a door does, and back', () => {
    const frame = { x: 3, y: 2, inX: 1, inY: 0 };
    const spot = spotAt(frame, 0.5, 4);
    expect(spot).toEqual({ x: 7, y: 1.5 });
    expect(fromDoor(frame, spot)).toEqual({ right: 0.5, ahead: 4 });
  });
});
