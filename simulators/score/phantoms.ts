// Items that have gone and nobody saw: how soon each rule says so, and how often it says so of what is there.
import type { LevelName } from '../radio/levels.ts';
import { DAYS, HOURS, phantomDays, type TagDays, type ZoneDays } from './phantomDays.ts';

/** Who is judged: of all tags of a zone at once, hour by hour. */
export interface Doubter {
  /** A count found the tag, or did not. */
  readonly count: (tag: number, found: boolean) => void;
  /** An hour has passed: in how many bins each tag was heard, and how much of the zone's reader was, in quarters. */
  readonly pass: (bins: readonly number[], weight: number) => void;
  /** How likely it says that the tag has gone. */
  readonly goneOf: (tag: number) => number;
}
export type OpenDoubter = (tags: number) => Doubter;

export interface PhantomRule {
  readonly falseAlerts: number;
  readonly lost: number;
  readonly foundInAWeek: number;
  /** Hours from the loss to the alert, of those found in a week. */
  readonly delaysH: readonly number[];
}

export interface PhantomScore {
  readonly level: LevelName;
  readonly tagDays: number;
  readonly rules: Readonly<Record<string, PhantomRule>>;
  /** Of hours in which so much was said (by tenths): how many, what was said in the mean, and how many were right. */
  readonly reliability: readonly { readonly hours: number; readonly said: number; readonly right: number }[];
}

const SAID = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;
const SILENT_HOURS = [24, 72, 168] as const;
const WEEK_HOURS = 168;
/** Until then a tag is only got to know. */
const FROM_HOUR = 7 * 24;

export function scorePhantoms(level: LevelName, seeds: readonly number[], openDoubter: OpenDoubter): PhantomScore {
  const rules: Record<string, { falseAlerts: number; lost: number; foundInAWeek: number; delaysH: number[] }> = {};
  const ruleOf = (name: string) => (rules[name] ??= { falseAlerts: 0, lost: 0, foundInAWeek: 0, delaysH: [] });
  const reliability = Array.from({ length: 10 }, () => ({ hours: 0, said: 0, right: 0 }));
  let tagDays = 0;
  for (const seed of seeds) {
    const zone = phantomDays(level, seed);
    const saids = saidOf(zone, openDoubter(zone.tags.length));
    for (const [index, tag] of zone.tags.entries()) {
      tagDays += (Math.min(HOURS, tag.goneAt) - FROM_HOUR > 0 ? Math.min(HOURS, tag.goneAt) - FROM_HOUR : 0) / 24;
      const said = saids[index]!;
      const silent = silenceOf(tag);
      for (let hour = FROM_HOUR; hour < HOURS; hour++) {
        const bucket = reliability[Math.min(9, Math.floor(said[hour]! * 10))]!;
        bucket.hours++;
        bucket.said += said[hour]!;
        if (hour >= tag.goneAt) bucket.right++;
      }
      for (const least of SAID) judge(ruleOf(`P>${least}`), tag, (hour) => said[hour]! > least);
      for (const hours of SILENT_HOURS) judge(ruleOf(`silent ${hours} h`), tag, (hour) => silent[hour]! > hours);
    }
  }
  return { level, tagDays, rules, reliability };
}

/** By tag and hour. */
function saidOf({ tags, weight }: ZoneDays, doubter: Doubter): readonly Float64Array[] {
  const said = tags.map(() => new Float64Array(HOURS));
  for (let hour = 0; hour < HOURS; hour++) {
    for (const [tag, { counted }] of tags.entries()) {
      const found = counted.get(hour);
      if (found !== undefined) doubter.count(tag, found);
    }
    doubter.pass(
      tags.map(({ bins }) => bins[hour]!),
      weight[hour]!,
    );
    for (const [tag, own] of said.entries()) own[hour] = doubter.goneOf(tag);
  }
  return said;
}

/** Hours since it was heard, or found by a count. */
function silenceOf({ bins, counted }: TagDays): Float64Array {
  const silent = new Float64Array(HOURS);
  let last = 0;
  for (let hour = 0; hour < HOURS; hour++) {
    if (bins[hour]! > 0 || counted.get(hour) === true) last = hour;
    silent[hour] = hour - last;
  }
  return silent;
}

/** Each time that it begins to be said is an alert. */
function judge(
  rule: { falseAlerts: number; lost: number; foundInAWeek: number; delaysH: number[] },
  { goneAt }: TagDays,
  says: (hour: number) => boolean,
): void {
  let was = false;
  let found: number | undefined;
  for (let hour = FROM_HOUR; hour < HOURS; hour++) {
    const is = says(hour);
    if (is && !was && hour < goneAt) rule.falseAlerts++;
    if (is && hour >= goneAt) found ??= hour;
    was = is;
  }
  if (goneAt < FROM_HOUR || goneAt >= HOURS - WEEK_HOURS) return;
  rule.lost++;
  if (found === undefined || found - goneAt > WEEK_HOURS) return;
  rule.foundInAWeek++;
  rule.delaysH.push(found - goneAt);
}

export const TAG_DAYS_NOTE = DAYS;
