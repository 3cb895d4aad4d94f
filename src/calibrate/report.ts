// A calibration as a person reads it at a terminal. Pure: figures in, text out.
import { linesOf } from '../config/siteText.ts';
import { formatTime } from '../wire/time.ts';
import { f1, precision, recall, type Score } from '../../simulators/score/match.ts';
import { percent, share, tableOf } from '../../simulators/score/table.ts';
import type { Comparison, Result } from './calibrate.ts';
import type { Difference, Passed } from './differences.ts';
import type { Calibrations } from './learn.ts';
import { reliability, type Saying } from './measure.ts';
import type { PortalSurvey, RssiSpread } from './survey.ts';

const DIFFERENCES_SHOWN = 20;

export function reportOf(result: Result): string {
  const { learned, survey, compared, postAt } = result;
  return [
    learnedText(result),
    calibrationTable(result),
    surveyText(survey),
    `The site file would say:\n${fileText(learned.calibrations)}${postAt.after === postAt.before ? '' : `  rules.portal.postAt: ${postAt.after}   (now ${postAt.before})\n`}`,
    comparedText(compared),
    ...(compared.measured === undefined
      ? ['Without a truth nobody can tell which of them are right: give one (--truth) to see scores.\n']
      : [
          scoreTable(compared.measured.before, compared.measured.after, compared.measured.of),
          reliabilityTable({ before: compared.measured.before.sayings, after: compared.measured.after.sayings }),
        ]),
    ...(result.saidThen === undefined
      ? []
      : [`What the reads had said when people were asked:\n${reliabilityTable({ 'said then': result.saidThen })}`]),
  ].join('\n');
}

const between = (from: number, to: number): string => `${formatTime(from)} and ${formatTime(to)}`;

function learnedText({ site, reads, learned, compared }: Result): string {
  const half = compared.isHeldOut
    ? 'Learned on the first half of the time and compared on the second, which it had not seen.'
    : 'Learned and compared on the same reads: there is no truth to hold some back for.';
  return `${site}: learned from ${reads} reads received between ${between(learned.from, learned.to)}.\n${half}\n`;
}

function calibrationTable({ learned, loadsLeast }: Result): string {
  const rows = [...learned.loads].map(([id, loads]) => {
    const found = learned.calibrations.get(id);
    if (found === undefined) return [id, String(loads), '–', '–', '–', '–', '–'];
    const { fadingSdDb, readsPerSecond, tagsByLoudnessDbm, loadChance, aloneChance } = found;
    const tags = Object.entries(tagsByLoudnessDbm);
    const total = tags.reduce((sum, [, count]) => sum + count, 0);
    const mean = tags.reduce((sum, [dbm, count]) => sum + Number(dbm) * count, 0) / total;
    return [
      id,
      String(loads),
      `${fadingSdDb} dB`,
      readsPerSecond.toFixed(2),
      `${mean.toFixed(1)} dBm`,
      share(loadChance),
      share(aloneChance),
    ];
  });
  const table = tableOf(['door', 'loads', 'fading', 'reads/s', 'loudness at 1 m', 'P(load)', 'P(alone)'], rows);
  return learned.calibrations.size === learned.loads.size
    ? table
    : `${table}Where fewer than ${loadsLeast} loads surely crossed the site file is left as it is.\n`;
}

const dbm = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));
const spread = ({ p10Dbm, p50Dbm, p90Dbm }: RssiSpread): string =>
  p50Dbm === undefined ? 'nothing' : `${dbm(p50Dbm)} dBm (${dbm(p10Dbm)} to ${dbm(p90Dbm)})`;

function surveyText(portals: readonly PortalSurvey[]): string {
  const rows = portals.flatMap(({ id, antennas }) =>
    antennas.map(({ name, side, tags, all, crossing }) => [
      id,
      name,
      side,
      String(all.reads),
      String(tags),
      dbm(all.p1Dbm),
      dbm(all.p10Dbm),
      dbm(all.p50Dbm),
      dbm(all.p90Dbm),
      String(crossing.reads),
      dbm(crossing.p50Dbm),
    ]),
  );
  const head = ['door', 'antenna', 'side', 'reads', 'tags', 'floor', '10 %', '50 %', '90 %', 'crossing', '50 %'];
  const words = portals.flatMap((portal) => {
    const { id, crossings, readsPerCrossing, bothSides, leakage, outside, inside, antennas } = portal;
    const silent = antennas.filter(({ all }) => all.reads === 0).map(({ name }) => name);
    return [
      crossings === 0
        ? `${id}: no tag surely crossed.`
        : `${id}: ${crossings} tags surely crossed, read ${readsPerCrossing} times each (median), ${percent(bothSides, crossings)} of them on both sides; outside ${spread(outside)}, inside ${spread(inside)}; other doors caught ${percent(leakage, 1)} of their reads.`,
      ...(silent.length === 0
        ? []
        : [`${id}: ${silent.join(', ')} heard nothing. Is it plugged in, and is its number right?`]),
    ];
  });
  return `${tableOf(head, rows)}dBm that so many of the reads are weaker than; floor: 1 %. crossing: reads of tags that surely crossed, while they did.\n${words.join('\n')}\n`;
}

/** As it stands in the file. */
const fileText = (calibrations: Calibrations): string =>
  [...calibrations]
    .map(([id, calibration]) =>
      [`  ${id}:`, ...linesOf({ calibration })].map((line, at) => `${at === 0 ? '' : '    '}${line}\n`).join(''),
    )
    .join('');

function comparedText({ from, to, before, after, differences }: Comparison): string {
  const shown = differences.slice(0, DIFFERENCES_SHOWN).map((one) => `  ${differenceText(one)}\n`);
  const more = differences.length - shown.length;
  return [
    `The same reads, received between ${between(from, to)}, by a door that has just begun:\n`,
    tableOf(
      ['', 'passages', 'posted', 'left to a person'],
      [
        ['before', String(before.passages), String(before.posted), String(before.undecided)],
        ['after', String(after.passages), String(after.posted), String(after.undecided)],
      ],
    ),
    differences.length === 0
      ? 'Not one passage is decided otherwise.\n'
      : `${differences.length} passages are decided otherwise:\n`,
    ...shown,
    more > 0 ? `  … and ${more} more\n` : '',
  ].join('');
}

export const differenceText = ({ epc, readPoint, at, before, after }: Difference): string =>
  `${formatTime(at)}  ${readPoint}  ${epc}  ${verdictText(before)} → ${verdictText(after)}`;

const verdictText = (passage: Passed | undefined): string =>
  passage === undefined ? 'none' : `${outcomeText(passage)} ${passage.probability.toFixed(2)}`;

/** `none` where there is no such passage. */
export const outcomeText = (passage: Passed | undefined): string =>
  passage === undefined
    ? 'none'
    : passage.outcome === 'undecided'
      ? `undecided, most likely ${passage.leading}`
      : passage.outcome;

function scoreTable(
  before: { readonly leading: Score; readonly posted: Score },
  after: { readonly leading: Score; readonly posted: Score },
  of: string,
): string {
  const row = (name: string, score: Score): string[] => [
    name,
    String(score.right),
    String(score.wrong),
    String(score.missed),
    share(precision(score)),
    share(recall(score)),
    share(f1(score)),
  ];
  const swapped = after.leading.directionErrors > after.leading.right;
  return `Against ${of}:\n${tableOf(
    ['', 'right', 'wrong', 'missed', 'precision', 'recall', 'F1'],
    [
      row('leading before', before.leading),
      row('leading after', after.leading),
      row('posted before', before.posted),
      row('posted after', after.posted),
    ],
  )}${swapped ? 'Most of them cross the other way: are outside and inside swapped in the site file, or the cables?\n' : ''}`;
}

function reliabilityTable(columns: Readonly<Record<string, readonly Saying[]>>): string {
  const bins = Object.entries(columns).map(([name, sayings]) => ({ name, bins: reliability(sayings) }));
  const rows = bins[0]!.bins.flatMap(({ from, to }, index) =>
    bins.every((column) => column.bins[index]!.said === 0)
      ? []
      : [
          [
            `${from} to ${to}`,
            ...bins.flatMap((column) => {
              const { said, right, mean } = column.bins[index]!;
              return said === 0 ? ['0', '–', '–'] : [String(said), share(mean), share(right / said)];
            }),
          ],
        ],
  );
  const head = ['said', ...bins.flatMap(({ name }) => [name, 'said', 'right'])];
  return tableOf(head, rows);
}
