// Do the antennas of a portal look at their sides? By when they hear what moves through it, and by how much louder a side hears it
// while it is there. Where nobody can tell one side from the other, no direction can be trusted.
import { axisOf } from './axis.ts';
import { shareOf, type Opinion } from './finding.ts';
import { balanceDb, separationDb, type Load, type LoadAntenna, type Sides } from './loads.ts';
import { READS_LEAST, type PortalMemory } from './portal.ts';

/** Loads that are looked at, the last ones, how few are too few, and the reads that one must have. */
const LOADS_JUDGED = 16;
const LOADS_LEAST = 8;
const LOAD_READS_LEAST = 20;
/** A load that both sides heard, and so may have gone through. What passes by inside, or turns back early, has no separation. */
const BALANCE_MAX_DB = 12;
/**
 * Sound doors separate the sides by 10 to 30 dB (recorded: 16), antennas that look straight across by 1 to 6, all of it noise:
 * medians of 8 to 16 loads, simulated at all levels. A median below the first figure opens, above the second closes.
 */
const ALIKE_DB = 5.5;
const APART_DB = 8;
/** Where so many loads are apart all the same, the others turned back, or had few reads. */
const APART_SHARE_MOST = 0.25;
/** With sides as they are heard the door must do so much better than with those of the site file. */
const BETTER_DB = 3;
/** An antenna on the other side contradicts nearly every load; where antennas look straight across each hears some loads so. */
const CONTRADICTED_SHARE = 0.75;
/** What an antenna has to do with when loads are heard, below which it has no side of its own. */
const PART_LEAST = 0.15;

/** The sides by the site file. Undefined when there is only one: then no direction can be told anyway. */
export function sidesOf(antennas: readonly { readonly side: string | undefined }[]): Sides | undefined {
  const one = antennas.flatMap(({ side }, own) => (side === 'inside' ? [own] : []));
  const other = antennas.flatMap(({ side }, own) => (side === 'outside' ? [own] : []));
  return one.length > 0 && other.length > 0 ? { one, other } : undefined;
}

/** Loads that both sides heard well. */
export const throughAmong = (loads: readonly Load[], sides: Sides): Load[] =>
  loads.filter((load) => load.reads >= READS_LEAST && Math.abs(balanceDb(load, sides)) <= BALANCE_MAX_DB);

export function sideOpinions(
  readPoint: string,
  antennas: readonly LoadAntenna[],
  { loads, heard }: Pick<PortalMemory, 'loads' | 'heard'>,
): readonly Opinion[] {
  const sides = sidesOf(antennas);
  if (sides === undefined) return [];
  const judged = throughAmong(loads, sides)
    .filter(({ reads }) => reads >= LOAD_READS_LEAST)
    .slice(-LOADS_JUDGED);
  if (judged.length < LOADS_LEAST) return [];
  const apartDb = median(judged.map((load) => separationDb(load, sides)));
  const swapped = swappedAmong(antennas, judged, heard, apartDb);
  return [
    ...antennas.map((_, own) => swappedOpinion(readPoint, antennas, own, judged, apartDb, swapped)),
    alike(readPoint, judged, sides, apartDb),
  ];
}

function alike(readPoint: string, judged: readonly Load[], sides: Sides, apartDb: number): Opinion {
  const apart = judged.filter((load) => separationDb(load, sides) > APART_DB).length;
  return {
    kind: 'sides-alike',
    subject: { readPoint },
    severity: 'critical',
    holds: apartDb < ALIKE_DB && apart <= judged.length * APART_SHARE_MOST,
    isOver: apartDb > APART_DB,
    since: judged[0]!.at,
    certainty: shareOf(judged.length - apart, judged.length),
    evidence: { loads: judged.length, separationDb: apartDb, separationLeastDb: ALIKE_DB, loadsApart: apart },
    seen: `Inside and outside antennas hear what goes through alike: ${apartDb.toFixed(1)} dB apart over the last ${judged.length} loads, where a sound door has 10 or more. No direction told here can be trusted.`,
    advice:
      'Tilt the inside antennas by about 30° inward and the outside ones outward, and hang them at least 0.4 m behind and before the plane of the door.',
  };
}

interface Swapped {
  /** Places of the antennas that hear loads at the time of the other side. */
  readonly places: readonly number[];
  /** No antenna does, not even a little. */
  readonly isNone: boolean;
  /** Those that would, were the axis taken the other way round; none where it is clear which way it goes. */
  readonly instead: readonly number[];
  /** Median separation with the sides as they are heard. */
  readonly apartDb: number;
}

function swappedAmong(
  antennas: readonly LoadAntenna[],
  judged: readonly Load[],
  heard: readonly number[],
  apartDb: number,
): Swapped {
  const { loading } = axisOf(judged.map(({ lagS }) => lagS));
  const ahead = antennas.flatMap((_, own) => (loading[own]! > PART_LEAST ? [own] : []));
  const behind = antennas.flatMap((_, own) => (loading[own]! < -PART_LEAST ? [own] : []));
  const none = { places: [], isNone: false, instead: [], apartDb };
  if (ahead.length === 0 || behind.length === 0) return none;
  const asHeardDb = median(judged.map((load) => separationDb(load, { one: ahead, other: behind })));
  const wrongIf = (inside: readonly number[]): number[] =>
    [...ahead, ...behind]
      .filter((own) => (antennas[own]!.side === 'inside') !== inside.includes(own))
      .sort((a, b) => a - b);
  const ways = [wrongIf(ahead), wrongIf(behind)] as const;
  const fewest = Math.min(ways[0].length, ways[1].length);
  if (fewest === 0) return { ...none, isNone: true };
  if (asHeardDb < APART_DB || asHeardDb < apartDb + BETTER_DB) return none;
  const found = { ...none, apartDb: asHeardDb };
  if (ways[0].length !== ways[1].length) return { ...found, places: ways[0].length === fewest ? ways[0] : ways[1] };
  // As many speak for one way as for the other. More goes on inside a building than in a trailer: what hears more is inside.
  const heardBy = (places: readonly number[]): number => places.reduce((sum, own) => sum + heard[own]!, 0);
  const [first, second] = heardBy(ahead) >= heardBy(behind) ? ways : [ways[1], ways[0]];
  return { ...found, places: first, instead: second };
}

function swappedOpinion(
  readPoint: string,
  antennas: readonly LoadAntenna[],
  own: number,
  judged: readonly Load[],
  apartDb: number,
  swapped: Swapped,
): Opinion {
  const { reader, antenna, side } = antennas[own]!;
  const other = side === 'inside' ? 'outside' : 'inside';
  const agreeing = judged.filter(({ lagS }) => contradicts(swapped, antennas, lagS, own)).length;
  const holds = swapped.places.includes(own) && agreeing >= judged.length * CONTRADICTED_SHARE;
  return {
    kind: 'side-swapped',
    subject: { readPoint, reader, antenna },
    severity: 'critical',
    holds,
    // Only while the sides are apart can it be said that they are well again.
    isOver: swapped.isNone && apartDb > APART_DB,
    since: judged[0]!.at,
    certainty: shareOf(agreeing, judged.length) * (swapped.instead.length > 0 ? 0.75 : 1),
    evidence: {
      loads: judged.length,
      contradictingLoads: agreeing,
      separationDb: apartDb,
      separationIfSwappedDb: swapped.apartDb,
    },
    seen: `Antenna ${antenna} of ${reader} is said to look ${side}, but in ${agreeing} of ${judged.length} loads it hears what goes through when the ${other} antennas do. With it on the other side the sides are ${swapped.apartDb.toFixed(1)} dB apart, as they are ${apartDb.toFixed(1)}.`,
    advice: adviceOf(antennas, own, swapped),
  };
}

function adviceOf(antennas: readonly LoadAntenna[], own: number, { places, instead }: Swapped): string {
  const { antenna, side } = antennas[own]!;
  const other = side === 'inside' ? 'outside' : 'inside';
  const partner = places.find((place) => antennas[place]!.side === other);
  if (partner === undefined)
    return `Give antenna ${antenna} the side ${other} in the site file, or hang it where it looks ${side}.`;
  const named = (some: readonly number[]): string =>
    some
      .map((place) => antennas[place]!.antenna)
      .sort((a, b) => a - b)
      .join(' and ');
  const otherwise =
    instead.length === 0
      ? ''
      : ` Should the door then tell every direction the wrong way round, swap ${named(instead)} instead.`;
  return `Swap antennas ${named([own, partner])} in the site file, or their cables.${otherwise}`;
}

/** Did this antenna hear the load rather when those that are well placed on the other side did? */
function contradicts(
  { places }: Swapped,
  antennas: readonly LoadAntenna[],
  lagS: readonly number[],
  own: number,
): boolean {
  const meanOf = (isSameSide: boolean): number => {
    const lags = lagS.filter(
      (_, place) =>
        place !== own && !places.includes(place) && (antennas[place]!.side === antennas[own]!.side) === isSameSide,
    );
    return lags.length === 0 ? 0 : lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
  };
  return Math.abs(lagS[own]! - meanOf(false)) < Math.abs(lagS[own]! - meanOf(true));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
