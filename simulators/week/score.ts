// The week as `tallygate score` has it: one level, some seeds, and what came of all of them together.
import type { LevelName } from '../radio/levels.ts';
import { scoreWeek, type WeekScore } from './judge.ts';
import type { OpenWeekMachine } from './told.ts';

const DAYS = 5;

export interface WeeksScore {
  readonly level: LevelName;
  readonly weeks: readonly WeekScore[];
}

export const scoreWeeks = (
  level: LevelName,
  seeds: readonly number[],
  openMachine: OpenWeekMachine,
  days = DAYS,
): WeeksScore => ({ level, weeks: seeds.map((seed) => scoreWeek({ level, seed, days, openMachine })) });
