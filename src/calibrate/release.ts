// What this release would decide otherwise of a journal that former ones decided: figures in, text out. Pure.
import { tableOf } from '../../simulators/score/table.ts';
import { differencesOf, totalsOf, type Difference, type Passed } from './differences.ts';
import { momentOf } from './decide.ts';
import { differenceText, outcomeText } from './report.ts';

/** A passage as it was decided then. */
export interface FormerPassage extends Passed {
  /** Of the row that its last revision was decided with. */
  readonly offset: number;
}

/** Which decider made what of the journal: from the row after `after` on. */
export interface Since {
  readonly after: number;
  readonly decider: number;
}

export interface ReleaseInput {
  readonly site: string;
  /** Rows after `from` up to `to` were decided again. */
  readonly from: number;
  readonly to: number;
  /** When the first of them came, ms. */
  readonly beganAt: number;
  /** Of this release. */
  readonly decider: number;
  /** By offset; the first begins before `from`. */
  readonly since: readonly Since[];
  readonly former: readonly FormerPassage[];
  readonly anew: readonly Passed[];
}

export interface ReleaseDifference extends Difference {
  /** Who decided it then; undefined for what only this release takes for a passage. */
  readonly decider: number | undefined;
}

export interface ReleaseReport {
  readonly site: string;
  readonly from: number;
  readonly to: number;
  readonly decider: number;
  readonly since: readonly Since[];
  readonly totals: Readonly<Record<'former' | 'anew', ReturnType<typeof totalsOf>>>;
  /** Oldest first. */
  readonly differences: readonly ReleaseDifference[];
}

/** What a machine that begins in the middle of a journal has not heard yet, it cannot decide as one that has. */
const WARM_UP_MS = 600_000;

/** Compares what was decided then with what is decided now. What a person decided is nobody else's, and left out. */
export function compareReleases(input: ReleaseInput): ReleaseReport {
  const { site, from, to, decider, since } = input;
  const earliest = from === 0 ? Number.NEGATIVE_INFINITY : input.beganAt + WARM_UP_MS;
  const isCompared = (passage: Passed): boolean => momentOf(passage) >= earliest;
  const former = input.former.filter((passage) => isCompared(passage));
  const anew = input.anew.filter((passage) => isCompared(passage));
  const byId = new Map(former.map((passage) => [passage.id, passage]));
  const deciderAt = (offset: number): number => since.findLast(({ after }) => after < offset)?.decider ?? decider;
  const differences = differencesOf(former, anew)
    .filter(({ before, after }) => before?.decidedBy === undefined && after?.decidedBy === undefined)
    .map((difference) => ({
      ...difference,
      decider: difference.before === undefined ? undefined : deciderAt(byId.get(difference.before.id)!.offset),
    }));
  return { site, from, to, decider, since, totals: { former: totalsOf(former), anew: totalsOf(anew) }, differences };
}

const SHOWN = 20;

/** As a person reads it at a terminal. */
export function releaseText({ site, from, to, decider, since, totals, differences }: ReleaseReport): string {
  const shown = differences.slice(0, SHOWN);
  const more = differences.length - shown.length;
  return [
    `${site}: journal rows ${from + 1} to ${to}, ${deciders(since, to)}, decided again by this release (decider ${decider}).\n`,
    from === 0 ? '' : 'Older rows are no longer kept; the first ten minutes of these are not compared.\n',
    tableOf(
      ['', 'passages', 'posted', 'left to a person'],
      (['former', 'anew'] as const).map((name) => [
        name === 'former' ? 'as decided then' : 'as decided now',
        ...[totals[name].passages, totals[name].posted, totals[name].undecided].map(String),
      ]),
    ),
    differences.length === 0
      ? 'Not one passage would be decided otherwise.\n'
      : `${differences.length} passages would be decided otherwise:\n${kindsTable(differences)}`,
    ...shown.map((one) => `  ${differenceText(one)}\n`),
    more > 0 ? `  … and ${more} more\n` : '',
  ].join('');
}

const deciders = (since: readonly Since[], to: number): string =>
  since
    .map(
      ({ decider }, index) =>
        `by decider ${decider}${index + 1 < since.length ? ` up to ${since[index + 1]!.after}` : ''}`,
    )
    .join(', ') || `by nobody up to ${to}`;

/** How often what became of what, and where; the most frequent first. */
function kindsTable(differences: readonly ReleaseDifference[]): string {
  const counts = new Map<string, { readonly cells: readonly string[]; count: number }>();
  for (const { decider, readPoint, before, after } of differences) {
    const cells = [`  ${outcomeText(before)} → ${outcomeText(after)}`, readPoint, String(decider ?? '–')];
    const known = counts.get(cells.join(' '));
    if (known === undefined) counts.set(cells.join(' '), { cells, count: 1 });
    else known.count++;
  }
  const rows = [...counts.values()].sort((a, b) => b.count - a.count || (a.cells[0]! < b.cells[0]! ? -1 : 1));
  return tableOf(
    ['  then → now', 'read point', 'decider', 'passages'],
    rows.map(({ cells, count }) => [...cells, String(count)]),
  );
}
