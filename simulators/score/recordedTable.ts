// The recorded benchmark as a table.
import { f1, precision, recall, sum, type Score } from './match.ts';
import type { RecordedScore } from './recorded.ts';
import { percent, share, tableOf } from './table.ts';

const HEAD = [
  'run',
  'reads',
  'right',
  'wrong',
  'missed',
  'precision',
  'recall',
  'F1',
  'leading F1',
  'parked moved',
  'pallet crossings',
  'faults found',
];

export function recordedTable(results: readonly RecordedScore[]): string {
  const add = (of: (result: RecordedScore) => number): number => results.reduce((all, result) => all + of(result), 0);
  const rows = results.map((result) => [
    result.run,
    String(result.reads),
    ...pointsOf(result.posted, result.leading),
    percent(result.parkedMoved, result.parkedWindows),
    `${result.crossingsRight}/${result.crossings}${result.extraGroups === 0 ? '' : ` and ${result.extraGroups} that were none`}`,
    String(result.findings),
  ]);
  rows.push([
    'all',
    String(add(({ reads }) => reads)),
    ...pointsOf(sum(results.map(({ posted }) => posted)), sum(results.map(({ leading }) => leading))),
    percent(
      add(({ parkedMoved }) => parkedMoved),
      add(({ parkedWindows }) => parkedWindows),
    ),
    `${add(({ crossingsRight }) => crossingsRight)}/${add(({ crossings }) => crossings)}`,
    String(add(({ findings }) => findings)),
  ]);
  return tableOf(HEAD, rows);
}

const pointsOf = (posted: Score, leading: Score): string[] => [
  String(posted.right),
  String(posted.wrong),
  String(posted.missed),
  share(precision(posted)),
  share(recall(posted)),
  share(f1(posted)),
  share(f1(leading)),
];
