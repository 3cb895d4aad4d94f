// Do the antennas of a portal hear what they should? Each is held against its peers and against what it was at first, over
// loads that move: what is parked beside a post may be heard by one antenna alone.
import { shareOf, type Opinion } from './finding.ts';
import type { Load, LoadAntenna } from './loads.ts';
import { BASELINE_LOADS, LOAD_TAGS_LEAST, peersOf, type Baseline, type PortalMemory } from './portal.ts';
import { sidesOf, throughAmong } from './sides.ts';

/** An antenna with less than the first share of its peers' reads is dead, above the second it is not any more. */
const DEAD_SHARE = 0.2;
const ALIVE_SHARE = 0.4;
/** Reads of a peer from which on silence means something; of the other side, where an antenna is alone on its own. */
const PEER_READS_LEAST = 40;
const OTHER_SIDE_READS_LEAST = 200;
const OTHER_SIDE_LOADS_LEAST = 12;
/**
 * So much less is heard than at first, an antenna is deaf; within the second figure it is well again. 6 dB of RSSI are some 8 dB of what
 * is heard in all: weak reads are missing then. Of 24 loads against 24 it is known to about 2 dB.
 */
const DEAF_DB = 6;
const HEARS_DB = 5;
/** What its peers do not explain by having become louder. */
const DEAF_BY_ITSELF_DB = 3;
const DEAF_LOADS = 24;
const LOADS_LEAST = 6;
/** Tags of loads from which on it is known whether tags are read again. */
const TAGS_LEAST = 40;
/** Reads a tag and load below which it is asked whether tags are ever read again; and how often they are, a tag. */
const ONCE_READS = 2;
const ONCE_AGAIN = 0.05;
const AGAIN_AGAIN = 0.15;

export function hearingOpinions(
  readPoint: string,
  antennas: readonly LoadAntenna[],
  memory: PortalMemory,
): readonly Opinion[] {
  // What one side alone hears passes by, or is parked: it says nothing of the other.
  const sides = sidesOf(antennas);
  const loads = sides === undefined ? memory.loads : throughAmong(memory.loads, sides);
  return [
    ...once(readPoint, memory.loads),
    ...antennas.flatMap((_, own) => {
      return [
        ...dead(readPoint, antennas, own, loads),
        ...deaf(readPoint, antennas, own, memory.baseline, loads.slice(-DEAF_LOADS)),
      ];
    }),
  ];
}

/** Session S2 or S3, TagFocus, single target: each tag answers once and then is silent as long as it is powered. */
function once(readPoint: string, loads: readonly Load[]): Opinion[] {
  const judged = loads.filter(({ tags }) => tags >= LOAD_TAGS_LEAST);
  const tags = total(judged, (load) => load.tags);
  if (tags < TAGS_LEAST) return [];
  const readsPerTag = total(judged, (load) => load.reads) / tags;
  const again = total(judged, (load) => load.again);
  return [
    {
      kind: 'read-once',
      subject: { readPoint },
      severity: 'critical',
      holds: readsPerTag < ONCE_READS && again / tags < ONCE_AGAIN,
      isOver: again / tags > AGAIN_AGAIN,
      since: judged[0]!.at,
      certainty: shareOf(tags - again, tags),
      evidence: { loads: judged.length, tags, readsPerTag, readAgain: again },
      seen: `Tags are read once and then not again: ${readsPerTag.toFixed(1)} reads a tag over ${tags} tags in ${judged.length} loads, and ${again} of them read a second time by the same reader within 1.5 s. That is too little to tell a crossing from standing by.`,
      advice:
        'Set the reader to Gen2 session S1 (or S0), dual target, without TagFocus or any "unique tags only" report, so that each tag is read all the time that it is there.',
    },
  ];
}

function dead(readPoint: string, antennas: readonly LoadAntenna[], own: number, loads: readonly Load[]): Opinion[] {
  const { reader, antenna, side } = antennas[own]!;
  const peers = peersOf(antennas, own);
  if (peers.length === 0) return [];
  const reads = total(loads, ({ heard }) => heard[own]!);
  const others = total(loads, ({ heard }) => peers.reduce((sum, peer) => sum + heard[peer]!, 0)) / peers.length;
  const isAlone = antennas[peers[0]!]!.side !== side;
  const isSilent = isAlone
    ? reads === 0 && others >= OTHER_SIDE_READS_LEAST && loads.length >= OTHER_SIDE_LOADS_LEAST
    : loads.length >= LOADS_LEAST && others >= PEER_READS_LEAST && reads < others * DEAD_SHARE;
  const wholeReader = antennas.every(
    (one, place) => one.reader !== reader || total(loads, ({ heard }) => heard[place]!) === 0,
  );
  const silentLoads = loads.filter(({ heard }) => heard[own]! <= 1).length;
  return [
    {
      kind: 'antenna-dead',
      subject: { readPoint, reader, antenna },
      severity: 'critical',
      holds: isSilent,
      isOver: reads >= others * ALIVE_SHARE || (isAlone && reads > 0),
      since: loads[0]?.at ?? 0,
      certainty: shareOf(silentLoads, loads.length),
      evidence: { loads: loads.length, reads, peerReads: others },
      seen: `Antenna ${antenna} of ${reader} had ${reads} reads in the last ${loads.length} loads, ${isAlone ? 'those of the other side' : `its peers ${side}`} ${Math.round(others)} each.`,
      advice: wholeReader
        ? `Reader ${reader} tells nothing of any of its antennas here: check its power and network, then its antennas.`
        : `Check the cable, plug and port of antenna ${antenna} at ${reader}, and that the reader has it switched on at full power.`,
    },
  ];
}

function deaf(
  readPoint: string,
  antennas: readonly LoadAntenna[],
  own: number,
  baseline: Baseline,
  loads: readonly Load[],
): Opinion[] {
  const { reader, antenna } = antennas[own]!;
  const peers = peersOf(antennas, own);
  if (peers.length === 0 || loads.length < DEAF_LOADS || baseline.loads < BASELINE_LOADS + DEAF_LOADS) return [];
  const loudness = (some: readonly Load[], place: number): number =>
    total(some, ({ early, late }) => early[place]! + late[place]!) + 1;
  const atFirst = { tags: baseline.tags, of: (place: number): number => baseline.loudness[place]! + 1 };
  const lossOf = (some: readonly Load[], place: number): number =>
    20 * Math.log10(atFirst.of(place) / atFirst.tags / (loudness(some, place) / total(some, ({ tags }) => tags)));
  const meanOfPeers = (of: (place: number) => number): number =>
    peers.reduce((sum, peer) => sum + of(peer), 0) / peers.length;
  const ownLossDb = lossOf(loads, own);
  const lossDb = ownLossDb - meanOfPeers((peer) => lossOf(loads, peer));
  const agreeing = loads.filter(
    (load) => lossOf([load], own) - meanOfPeers((peer) => lossOf([load], peer)) > HEARS_DB / 2,
  ).length;
  return [
    {
      kind: 'antenna-deaf',
      subject: { readPoint, reader, antenna },
      severity: 'warning',
      holds: lossDb >= DEAF_DB && ownLossDb >= DEAF_BY_ITSELF_DB,
      isOver: lossDb < HEARS_DB,
      since: loads[0]!.at,
      certainty: shareOf(agreeing, loads.length),
      evidence: { loads: loads.length, lossDb, ownLossDb, lossMostDb: DEAF_DB },
      seen: `Antenna ${antenna} of ${reader} hears ${lossDb.toFixed(1)} dB less of what goes through than it did at first, its peers taken into account, over the last ${loads.length} loads.`,
      advice: `Look at antenna ${antenna} and its cable: a loose plug, a bent or wet connector, something metal hung or parked before it, or its power set lower.`,
    },
  ];
}

const total = (loads: readonly Load[], of: (load: Load) => number): number =>
  loads.reduce((sum, load) => sum + of(load), 0);
