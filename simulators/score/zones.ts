// Movements between two zones side by side, against the truth: what a day under overhead antennas makes the machines believe, beside what
// Bayes' rule and simpler rules make of the same reads.
import type { LevelName } from '../radio/levels.ts';
import { sum, type Score } from './match.ts';
import { judge, type Move, type OpenMachine } from './judge.ts';
import { ZONE_RULE_NAMES, ZONE_RULES, type ZoneRuleName } from './zoneRules.ts';
import { airOf, TAGS, zonesDay, type ZoneMove } from './zonesDay.ts';
import { limitsOf } from './zonesLimit.ts';

/** A movement is told right when it is told to have been within this of when it was, or of the first read that could tell of it. */
const TOLERANCE_MS = 600_000;

export interface ZoneScore {
  readonly level: LevelName;
  readonly score: Score;
  readonly tagDays: number;
  /** Seconds from a movement until it was told, of those told right. */
  readonly delaysS: readonly number[];
  /** Days at which the two zones were said to be one. */
  readonly alike: number;
  readonly days: number;
  /** Bayes' rule that knows the air: with the whole day before it, and when it must tell a movement within half an hour. */
  readonly limits: { readonly ever: Score; readonly soon: Score };
  readonly rules: Readonly<Record<ZoneRuleName, Score>>;
}

type DayScore = Pick<ZoneScore, 'score' | 'delaysS' | 'limits' | 'rules'> & { readonly isAlike: boolean };

/** A day of each seed. The same arguments give the same figures. */
export function scoreZones(level: LevelName, seeds: readonly number[], openMachine: OpenMachine): ZoneScore {
  const days = seeds.map((seed) => scoreDay(level, seed, openMachine));
  const add = (of: (day: DayScore) => Score): Score => sum(days.map(of));
  return {
    level,
    score: add(({ score }) => score),
    tagDays: TAGS * seeds.length,
    delaysS: days.flatMap(({ delaysS }) => delaysS),
    alike: days.filter(({ isAlike }) => isAlike).length,
    days: seeds.length,
    limits: { ever: add(({ limits }) => limits.ever), soon: add(({ limits }) => limits.soon) },
    rules: byRule((name) => add(({ rules }) => rules[name])),
  };
}

const byRule = (of: (name: ZoneRuleName) => Score): Readonly<Record<ZoneRuleName, Score>> =>
  Object.fromEntries(ZONE_RULE_NAMES.map((name) => [name, of(name)])) as Record<ZoneRuleName, Score>;

function scoreDay(level: LevelName, seed: number, openMachine: OpenMachine): DayScore {
  const { traffic, moves } = zonesDay(level, seed);
  const { moved, findings } = judge(traffic, openMachine);
  const limits = limitsOf(traffic.reads, airOf(level, seed), TOLERANCE_MS);
  const scored = (told: readonly Move[]): Score => scoreMoves(moves, told).score;
  return {
    ...scoreMoves(moves, moved),
    isAlike: findings.some(({ kind }) => kind === 'zones-alike'),
    limits: { ever: scored(limits.ever), soon: scored(limits.soon) },
    rules: byRule((name) => scored(ZONE_RULES[name](traffic.reads))),
  };
}

/** Each true movement is matched with at most one that was told. The first of each tag says where it was put down first. */
export function scoreMoves(
  moves: readonly ZoneMove[],
  moved: readonly Move[],
): { readonly score: Score; readonly delaysS: readonly number[] } {
  let missed = 0;
  const delaysS: number[] = [];
  const told = byTag(moved);
  for (const move of moves) {
    const own = told.get(move.epc) ?? [];
    const found = nearest(move, own);
    if (found === undefined) {
      missed++;
      continue;
    }
    own.splice(own.indexOf(found), 1);
    delaysS.push((found.toldAt - move.at) / 1000);
  }
  const wrong = [...told.values()].reduce((total, own) => total + own.length, 0);
  return { score: { right: delaysS.length, wrong, missed, directionErrors: 0 }, delaysS };
}

/** In order of time, without the first of each tag. */
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
