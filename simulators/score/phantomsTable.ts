// What was said of items that had gone, as tables and as JSON with the figures beside the counts.
import type { PhantomRule, PhantomScore } from './phantoms.ts';
import { share, tableOf } from './table.ts';

const HEAD = ['phantom stock', 'rule', 'lost', 'false a 1,000 tag-days', 'found in 7 days', 'median h'];

export function phantomsTable(scores: readonly PhantomScore[]): string {
  const rows = scores.flatMap(({ level, tagDays, rules }) =>
    Object.entries(rules).map(([name, rule]) => [
      level,
      name,
      String(rule.lost),
      share((1000 * rule.falseAlerts) / tagDays),
      share(rule.foundInAWeek / Math.max(1, rule.lost)),
      medianText(rule),
    ]),
  );
  const said = scores.map(({ level, reliability }) => [
    level,
    ...reliability.map(({ hours, said: sum, right }) =>
      hours === 0 ? '' : `${(sum / hours).toFixed(2)} ${(right / hours).toFixed(2)}`,
    ),
  ]);
  const tenths = Array.from({ length: 10 }, (_, index) => `${index / 10} to ${(index + 1) / 10}`);
  return `${tableOf(HEAD, rows)}\n${tableOf(['said, and so it was', ...tenths], said)}`;
}

/** Over all that were lost, found or not. Infinite when half of them never were. */
const medianH = ({ delaysH }: PhantomRule): number =>
  delaysH.toSorted((a, b) => a - b)[Math.floor(delaysH.length / 2)] ?? Number.POSITIVE_INFINITY;

const medianText = (rule: PhantomRule): string => {
  const hours = medianH(rule);
  return Number.isFinite(hours) ? String(Math.round(hours)) : 'never';
};

export const phantomsJson = ({ level, tagDays, rules, reliability }: PhantomScore): object => ({
  level,
  tagDays: Math.round(tagDays),
  reliability,
  rules: Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [
      name,
      {
        lost: rule.lost,
        falseAlerts: rule.falseAlerts,
        falseAThousandTagDays: (1000 * rule.falseAlerts) / tagDays,
        foundInAWeek: rule.foundInAWeek / Math.max(1, rule.lost),
        medianH: Number.isFinite(medianH(rule)) ? medianH(rule) : null,
      },
    ]),
  ),
});
