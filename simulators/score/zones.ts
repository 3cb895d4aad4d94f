// Movements between two zones side by side, against the truth: what a day under overhead antennas makes the machines believe.
import type { LevelName } from '../radio/levels.ts';
import { f1 } from './match.ts';
import { judge, type Move, type OpenMachine } from './judge.ts';
import { share, tableOf } from './table.ts';
import { TAGS, zonesDay, type ZoneMove } from './zonesDay.ts';

/** A movement is told right when it is told to have been within this of when it was, or of the first read that could tell of it. */
const TOLERANCE_MS = 600_000;

export interface ZoneScore {
  readonly level: LevelName;
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  readonly tagDays: number;
  /** Seconds from a movement until it was told, of those told right. */
  readonly delaysS: readonly number[];
  /** Days at which the two zones were said to be one. */
  readonly alike: number;
  readonly days: number;
}

/** A day of each seed. The same arguments give the same figures. */
export function scoreZones(level: LevelName, seeds: readonly number[], openMachine: OpenMachine): ZoneScore {
  let right = 0;
  let wrong = 0;
  let missed = 0;
  let alike = 0;
  const delaysS: number[] = [];
  for (const seed of seeds) {
    const { traffic, moves } = zonesDay(level, seed);
    const { moved, findings } = judge(traffic, openMachine);
    if (findings.some(({ kind }) => kind === 'zones-alike')) alike++;
    const told = byTag(moved);
    for (const move of moves) {
      const own = told.get(move.epc) ?? [];
      const found = nearest(move, own);
      if (found === undefined) {
        missed++;
        continue;
      }
      own.splice(own.indexOf(found), 1);
      right++;
      delaysS.push((found.toldAt - move.at) / 1000);
    }
    for (const own of told.values()) wrong += own.length;
  }
  return { level, right, wrong, missed, tagDays: TAGS * seeds.length, delaysS, alike, days: seeds.length };
}

/** In order of time, without the first of each tag: that one says where it was put down first. */
function byTag(moved: readonly Move[]): Map<string, Move[]> {
  const told = new Map<string, Move[]>();
  for (const move of [...moved].sort((a, b) => a.at - b.at)) {
    const own = told.get(move.epc);
    if (own === undefined) told.set(move.epc, []);
    else own.push(move);
  }
  return told;
}

const nearest = ({ to, at, heardAt }: ZoneMove, told: readonly Move[]): Move | undefined =>
  told
    .filter((move) => move.to === to && move.at >= at - TOLERANCE_MS && move.at <= heardAt + TOLERANCE_MS)
    .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];

const secondsAt = (delaysS: readonly number[], quantile: number): string => {
  const sorted = [...delaysS].sort((a, b) => a - b);
  return String(Math.round(sorted[Math.floor(sorted.length * quantile)] ?? 0));
};

const HEAD = ['zones side by side', 'moves', 'F1', 'false a tag-day', 'p50 s', 'p90 s', 'said to be one'];

export const zonesTable = (scores: readonly ZoneScore[]): string =>
  tableOf(
    HEAD,
    scores.map(({ level, right, wrong, missed, tagDays, delaysS, alike, days }) => [
      level,
      String(right + missed),
      share(f1({ right, wrong, missed, directionErrors: 0 })),
      (wrong / tagDays).toFixed(2),
      secondsAt(delaysS, 0.5),
      secondsAt(delaysS, 0.9),
      `${alike}/${days}`,
    ]),
  );
