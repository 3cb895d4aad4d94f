// The antennas of an area as the banks see them: where they hang, as seen from each of its portals. Site files name antennas and
// the side they look at, not where they are; so they are taken to hang as the README says they should: on two posts, those
// of a side tilted towards it, the first on the left post, the second on the right, the next pair a step lower or higher.
import type { AreaPlan, SitePlan } from '../../config/plan.ts';
import { AIRS, type Pose } from './air.ts';
import { makeBank, type Bank } from './bank.ts';

/** One portal, and what its own antennas and those beside it can hear of a load. */
export interface Field {
  /** Index of the read point. */
  readonly portal: number;
  /** By antenna (index of the site plan): its place in the banks; −1 for one that is too far to matter. */
  readonly placeOf: Int16Array;
  readonly antennas: number;
  /** Positions of the portals within hearing. */
  readonly beside: readonly number[];
  readonly bank: (air: number) => Bank;
}

const POST_M = 1.5;
const STAGGER_M = 0.4;
const TILT = (35 / 180) * Math.PI;
const HEIGHTS_M = [1.2, 0.6, 1.8, 2.4] as const;
/** Doors stand so far apart where the site file does not say where they are. */
const PITCH_M = 3.66;
/** Beyond it a portal hears nothing of a load in another. */
const BESIDE_M = 4.5;

export function fieldsOf(area: AreaPlan, site: SitePlan): Field[] {
  const places = area.portals.map((portal, index) => placeOf(site, portal.inside, index));
  return area.portals.map((_, own) => {
    const placeOfAntenna = new Int16Array(site.antennas.length).fill(-1);
    const poses: Pose[] = [];
    const beside: number[] = [];
    for (const [index, portal] of area.portals.entries()) {
      const door = places[index]! - places[own]!;
      if (Math.abs(door) > BESIDE_M) continue;
      if (index !== own) beside.push(index);
      const nth = { outside: 0, inside: 0 };
      for (const { index: antenna, readPoint, side } of site.antennas) {
        if (readPoint !== portal.index || side === undefined) continue;
        placeOfAntenna[antenna] = poses.length;
        poses.push(poseOf(side, nth[side]++, door));
      }
    }
    return {
      portal: area.portals[own]!.index,
      placeOf: placeOfAntenna,
      antennas: poses.length,
      beside,
      bank: openBanks(poses),
    };
  });
}

function placeOf(site: SitePlan, inside: string, index: number): number {
  const location = site.locations.get(inside);
  return location?.x ?? index * PITCH_M;
}

function poseOf(side: 'outside' | 'inside', nth: number, door: number): Pose {
  const across = nth % 2 === 0 ? -1 : 1;
  const inward = side === 'inside' ? 1 : -1;
  return {
    right: door + across * POST_M,
    ahead: inward * STAGGER_M,
    up: HEIGHTS_M[Math.floor(nth / 2) % HEIGHTS_M.length]!,
    lookRight: -across * Math.cos(TILT),
    lookAhead: inward * Math.sin(TILT),
    door,
  };
}

const banks = new Map<string, Bank>();
const BANKS_MAX = 64;

/** The banks of such antennas, by air. Doors of one kind share them. */
function openBanks(poses: readonly Pose[]): (air: number) => Bank {
  const name = JSON.stringify(poses);
  const own: Bank[] = [];
  return (air) => (own[air] ??= bankOf(`${air} ${name}`, poses, air));
}

function bankOf(key: string, poses: readonly Pose[], air: number): Bank {
  let bank = banks.get(key);
  if (bank === undefined) {
    if (banks.size >= BANKS_MAX) banks.clear();
    banks.set(key, (bank = makeBank(poses, AIRS[air]!)));
  }
  return bank;
}
