import { describe, expect, it } from 'vitest';
import { planSite } from '../../../../src/config/plan.ts';
import { geometryOf } from '../../../../simulators/radio/geometry.ts';
import { jitteredLevel, LEVELS } from '../../../../simulators/radio/levels.ts';
import { noiseKey } from '../../../../simulators/radio/noise.ts';
import { createRadio, type RadioRead } from '../../../../simulators/radio/radio.ts';
import { random } from '../../../../simulators/random.ts';
import { crossing, doorsSite, palletOf, standing } from '../../../../simulators/scenes.ts';
import { MORNING } from '../demoSite.ts';

const geometry = geometryOf(planSite({ file: doorsSite({ doors: 2, layout: '2+2' }) }));
const [door, next] = geometry.portals;
const noise = noiseKey(7);
const at = MORNING;
const typical = LEVELS.typical;
const driving = { right: 0, speed: 1.5 };
const pallet = palletOf(noise, 'A', 10, typical, crossing(door!, 'in', at, 12_000, driving));
const listen = (level = typical) => createRadio(geometry, level, noise);
const ofTag = (reads: readonly RadioRead[], epc: string) => reads.filter((read) => read.epc === epc);

/** Mean of the deviations of RSSI of the tags of a body, at one antenna. */
const spread = (body: typeof pallet, from: number, to: number): number => {
  const sds = body.tags.flatMap(({ epc }) => {
    const own = ofTag(listen().reads(from, to, [body]), epc).filter(
      (read) => read.antenna === 3 && read.reader === 'door-1',
    );
    if (own.length < 10) return [];
    const mean = own.reduce((sum, read) => sum + read.rssiDbm, 0) / own.length;
    return [Math.sqrt(own.reduce((sum, read) => sum + (read.rssiDbm - mean) ** 2, 0) / own.length)];
  });
  return sds.reduce((sum, sd) => sum + sd, 0) / sds.length;
};

describe('the radio', () => {
  it('hears the same whatever was asked before and however time is cut', () => {
    const whole = listen().reads(at - 5000, at + 5000, [pallet]);
    const radio = listen();
    const parts = Array.from({ length: 100 }, (_, index) =>
      radio.reads(at - 5000 + index * 100, at - 4900 + index * 100, [pallet]),
    ).flat();
    expect(whole.length).toBeGreaterThan(20);
    expect(parts).toEqual(whole);
  });

  it('gives a tag the same reads when others come into the field', () => {
    const alone = listen().reads(at - 5000, at + 5000, [pallet]);
    const other = palletOf(noise, 'B', 5, typical, standing(door!, 0.5, 4));
    const together = listen().reads(at - 5000, at + 5000, [other, pallet]);
    for (const { epc } of pallet.tags) expect(ofTag(together, epc)).toEqual(ofTag(alone, epc));
    expect(together.length).toBeGreaterThan(alone.length);
  });

  it('lets a full field share the air: no reader exceeds 250 reads a second', () => {
    const crowd = Array.from({ length: 10 }, (_, index) =>
      palletOf(noise, `C${index}`, 60, LEVELS.clean, standing(door!, (index % 3) - 1, 1 + index / 3)),
    );
    const reads = listen(LEVELS.clean).reads(at, at + 10_000, crowd);
    const perSecond = reads.filter((read) => read.reader === 'door-1').length / 10;
    expect(perSecond).toBeGreaterThan(100);
    expect(perSecond).toBeLessThan(270);
  });

  it('reports half dB from the sensitivity upwards, times within the dwell', () => {
    for (const { rssiDbm, seenAt, reportedAt } of listen().reads(at - 5000, at + 5000, [pallet])) {
      expect(rssiDbm * 2).toBe(Math.round(rssiDbm * 2));
      expect(rssiDbm).toBeGreaterThan(-82);
      expect(rssiDbm).toBeLessThan(-20);
      expect(reportedAt - seenAt).toBeGreaterThanOrEqual(0);
      expect(reportedAt - seenAt).toBeLessThanOrEqual(100);
    }
  });

  it('hears the outside antennas first when a pallet comes in', () => {
    const reads = listen(LEVELS.clean).reads(at - 8000, at + 8000, [pallet]);
    const middle = (side: (antenna: number) => boolean): number => {
      const times = reads.filter((read) => read.reader === 'door-1' && side(read.antenna)).map((read) => read.seenAt);
      return times.reduce((sum, time) => sum + time, 0) / times.length;
    };
    expect(middle((antenna) => antenna <= 2)).toBeLessThan(middle((antenna) => antenna > 2));
  });

  it('fades a resting tag by little, a moving one by much', () => {
    const resting = palletOf(noise, 'D', 20, typical, standing(door!, 0, 2));
    // Back and forth on the spot, 0.2 m each way, so that the path loss hardly changes.
    const track = Array.from({ length: 1200 }, (_, index) => ({
      at: at + index * 200,
      x: 0,
      y: 2 + (index % 2) * 0.2,
    }));
    const moving = palletOf(noise, 'D', 20, typical, track);
    expect(spread(resting, at, at + 240_000)).toBeLessThan(2);
    expect(spread(moving, at, at + 240_000)).toBeGreaterThan(2.5);
  });

  it('hides what stands in another trailer, and weakens what stands in another lane', () => {
    const hostileToNone = { ...typical, neighbourLossDb: 0 };
    const outside = palletOf(noise, 'E', 30, typical, standing(door!, 0, -1));
    expect(
      listen()
        .reads(at, at + 60_000, [outside])
        .filter((read) => read.reader === 'door-2'),
    ).toEqual([]);
    const inside = palletOf(noise, 'F', 30, typical, standing(door!, 0, 2));
    const heardNext = (level: typeof typical) =>
      listen(level)
        .reads(at, at + 60_000, [inside])
        .filter((read) => read.reader === 'door-2').length;
    expect(heardNext(typical)).toBeGreaterThan(0);
    expect(heardNext(hostileToNone)).toBeGreaterThan(heardNext(typical) * 1.5);
    expect(next!.x).toBeCloseTo(3.66);
  });

  it('reads ghosts as often as told', () => {
    const haunted = { ...typical, ghostsPerMillion: 100_000 };
    const real = new Set(pallet.tags.map((tag) => tag.epc));
    const reads = listen(haunted).reads(at - 5000, at + 5000, [pallet]);
    const ghosts = reads.filter((read) => !real.has(read.epc));
    expect(ghosts.length / reads.length).toBeGreaterThan(0.03);
    expect(ghosts.length / reads.length).toBeLessThan(0.25);
    expect(ghosts[0]!.epc).toHaveLength(24);
  });
});

describe('jitteredLevel', () => {
  it('moves every number, and none by more than its share', () => {
    const jittered = jitteredLevel(typical, 0.2, random(1, 'jitter'));
    expect(jittered).toEqual(jitteredLevel(typical, 0.2, random(1, 'jitter')));
    for (const [name, value] of Object.entries(typical)) {
      const moved = jittered[name as keyof typeof typical];
      expect(moved).not.toEqual(value);
      if (typeof value !== 'number' || typeof moved !== 'number') continue;
      expect(Math.abs(moved - value)).toBeLessThanOrEqual(Math.abs(value) * 0.2 + 1);
    }
  });
});
