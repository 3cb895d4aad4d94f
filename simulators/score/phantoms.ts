// Items that have gone and nobody saw: how soon each rule says so, and how often it says so of what is there.
import type { LevelName } from '../radio/levels.ts';
import { HOURS, phantomDays, type TagDays, type ZoneDays } from './phantomDays.ts';

/** Who is judged: of all tags of a zone at once, hour by hour. */
export interface Doubter {
  /** A count found the tag, or did not. */
  readonly count: (tag: number, found: boolean) => void;
  /** An hour has passed: in how many bins each tag was heard, and how much of the zone's reader is known to have been there, in quarters. */
  readonly pass: (bins: readonly number[], weight: number) => void;
  /** How likely it says that the tag has gone. */
  readonly goneOf: (tag: number) => number;
}
export type OpenDoubter = (tags: number) => Doubter;

export interface PhantomRule {
  /** Times that it said so of what was there. */
  falseAlerts: number;
  lost: number;
  foundInAWeek: number;
  /** Hours from each loss until it was said, infinite when it never was. */
  readonly delaysH: number[];
}

/** Of hours in which about so much was said: how many, the sum of what was said, and how many were right. */
export interface Said {
  hours: number;
  said: number;
  right: number;
}

export interface PhantomScore {
  readonly level: LevelName;
  readonly tagDays: number;
  readonly rules: Readonly<Record<string, PhantomRule>>;
  /** By tenths of what was said. */
  readonly reliability: readonly Said[];
}

/** Doubted and to be looked for; as likely as not; an alert; a warning (defaults of the rule `phantom`). */
const SAID = [0.3, 0.5, 0.75, 0.9] as const;
const SILENT_HOURS = [24, 72, 168] as const;
const WEEK_HOURS = 168;
/** Until then a tag is only got to know. */
const FROM_HOUR = WEEK_HOURS;

/** A zone of each seed, for as long as `HOURS`. The same arguments give the same figures. */
export function scorePhantoms(level: LevelName, seeds: readonly number[], openDoubter: OpenDoubter): PhantomScore {
  const rules: Record<string, PhantomRule> = {};
  const ruleOf = (name: string): PhantomRule =>
    (rules[name] ??= { falseAlerts: 0, lost: 0, foundInAWeek: 0, delaysH: [] });
  const reliability = Array.from({ length: 10 }, (): Said => ({ hours: 0, said: 0, right: 0 }));
  let tagDays = 0;
  for (const seed of seeds) {
    const zone = phantomDays(level, seed);
    const saids = saidOf(zone, openDoubter(zone.tags.length));
    for (const [index, tag] of zone.tags.entries()) {
      tagDays += Math.max(0, Math.min(HOURS, tag.goneAt) - FROM_HOUR) / 24;
      const said = saids[index]!;
      const silent = silenceOf(tag);
      noteSaid(reliability, said, tag);
      for (const least of SAID) judge(ruleOf(`said > ${least}`), tag, (hour) => said[hour]! > least);
      for (const hours of SILENT_HOURS) judge(ruleOf(`silent ${hours} h`), tag, (hour) => silent[hour]! > hours);
    }
  }
  return { level, tagDays, rules, reliability };
}

function noteSaid(reliability: readonly Said[], said: Float64Array, { goneAt }: TagDays): void {
  for (let hour = FROM_HOUR; hour < HOURS; hour++) {
    const tenth = reliability[Math.min(reliability.length - 1, Math.floor(said[hour]! * reliability.length))]!;
    tenth.hours++;
    tenth.said += said[hour]!;
    if (hour >= goneAt) tenth.right++;
  }
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

/** Each time that it begins to be said is an alert. Losses of the last week are left out: there is no week to find them in. */
function judge(rule: PhantomRule, { goneAt }: TagDays, says: (hour: number) => boolean): void {
  let was = false;
  let found = Number.POSITIVE_INFINITY;
  for (let hour = FROM_HOUR; hour < HOURS; hour++) {
    const is = says(hour);
    if (is && !was && hour < goneAt) rule.falseAlerts++;
    if (is && hour >= goneAt) found = Math.min(found, hour);
    was = is;
  }
  if (goneAt < FROM_HOUR || goneAt >= HOURS - WEEK_HOURS) return;
  rule.lost++;
  rule.delaysH.push(found - goneAt);
  if (found - goneAt <= WEEK_HOURS) rule.foundInAWeek++;
}
