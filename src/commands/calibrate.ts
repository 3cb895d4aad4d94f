// `tallygate calibrate`: learns from recorded traffic what the portals of a site should begin with, shows what that changes, and
// writes it into the site file when it is told to.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { calibrate, type Result } from '../calibrate/calibrate.ts';
import { reportOf } from '../calibrate/report.ts';
import { reliability } from '../calibrate/measure.ts';
import { readTruth } from '../calibrate/truth.ts';
import { loadSite } from '../config/load.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import { configurationFault } from '../config/problems.ts';
import { withValue } from '../config/siteText.ts';
import type { SiteFile } from '../config/site.ts';
import { messageOf, rejected } from '../kit/faults.ts';
import { textOf } from '../kit/files.ts';
import { formatOf } from '../wire/formats/formats.ts';
import { formatTime } from '../wire/time.ts';
import type { EntriesRow } from '../wire/row.ts';
import { f1 } from '../../simulators/score/match.ts';
import { linesOf, rowsOf } from './recording.ts';

const HELP = `tallygate calibrate --site FILE --in reads.ndjson [--truth truth.ndjson] [--out FILE | --write]

Learns from recorded traffic what the doors of a site are like (how rough the air is, how loud the tags, how often one is read, how
often something crosses), and writes it into the site file, as "calibration" of each portal: a door then begins with it, instead of
with what is believed of any door. No labels are needed: it learns from loads that surely crossed.

  --site FILE          the site file (config/sites/*.yaml)
  --in FILE            a recording as for replay; it is read several times, so it must be a file
  --truth FILE         what really happened, by line: what \`simulate --truth\` writes, or the labels of GET /v1/labels.ndjson.
                       With it, it learns on the first half of the time and shows scores on the second, and asks from which
                       probability on a passage should be posted (rules.portal.postAt)
  --false-move N       a false movement costs as much as N passages left to a person; for postAt (10)
  --write              change the site file; comments and layout stay
  --out FILE           write the changed site file there
  --json               figures for a program instead of tables

Without --write or --out nothing is written, nor when what leads or what is posted on the second half became worse by half a point of F1. A door that fewer than five loads
surely crossed keeps what it has.
`;

/** The command. Resolves to the exit code. */
export async function calibrateCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      site: { type: 'string' },
      in: { type: 'string' },
      truth: { type: 'string' },
      'false-move': { type: 'string', default: '10' },
      write: { type: 'boolean', default: false },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const { site, in: input, truth, out } = values;
  if (site === undefined || input === undefined) throw rejected('usage', `calibrate needs --site and --in.\n\n${HELP}`);
  if (input === '-') throw rejected('usage', '--in: the recording is read several times, so it must be a file.');
  if (values.write && out !== undefined) throw rejected('usage', 'Give --write or --out, not both.');
  const falseMoveCosts = numberOf('--false-move', values['false-move'], 1, 1000);
  const text = textOf(site, 'unreadable-site');
  const plan = planOf(site, text);
  const result = await calibrate({
    plan,
    rows: () => recorded(plan, input),
    truth: truth === undefined ? undefined : await readTruth(plan, truth, await linesOf(truth)),
    falseMoveCosts,
    report: (doing) => void (process.stderr.isTTY && process.stderr.write(`${doing} …\n`)),
  });
  process.stdout.write(values.json ? `${JSON.stringify(jsonOf(result))}\n` : reportOf(result));
  if ((values.write || out !== undefined) && isWorse(result))
    throw rejected(
      'no-better',
      'On reads that it had not seen it did worse than before, so nothing was written. To write it all the same leave out --truth.',
    );
  const changed = withCalibrations(site, text, plan.source.file, result);
  if (out !== undefined) write(out, changed);
  else if (values.write) {
    if (textOf(site, 'unreadable-site') !== text)
      throw rejected(
        'changed-meanwhile',
        `${site} was changed while its reads were gone through: nothing was written.`,
      );
    write(site, changed);
  } else if (!values.json)
    process.stdout.write('\nNothing was written; --write changes the site file, --out writes another.\n');
  return 0;
}

/** By less it may be chance. */
const WORSE_BY = 0.005;

/** What leads, or what is posted, is less right. */
function isWorse({ compared: { measured } }: Result): boolean {
  if (measured === undefined) return false;
  const { before, after } = measured;
  return (['leading', 'posted'] as const).some((point) => f1(after[point]) < f1(before[point]) - WORSE_BY);
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw rejected('usage', `${name}: ${text} is no whole number from ${least} to ${most}.`);
  return value;
}

function planOf(file: string, text: string): SitePlan {
  const loaded = loadSite(file, text, formatOf);
  if (loaded.file === undefined) throw configurationFault(loaded.problems);
  return planSite({ file: loaded.file });
}

async function* recorded(plan: SitePlan, file: string): AsyncGenerator<EntriesRow> {
  for await (const { row } of rowsOf(plan, await linesOf(file))) yield row;
}

/** The text of the site file with what was learned; it must load as any other. */
function withCalibrations(name: string, text: string, { readPoints }: SiteFile, { learned, postAt }: Result): string {
  let changed = text;
  for (const [id, calibration] of learned.calibrations) {
    const index = (readPoints ?? []).findIndex((point) => point.id === id);
    changed = withValue(changed, ['readPoints', index, 'calibration'], calibration);
  }
  if (postAt.after !== postAt.before) changed = withValue(changed, ['rules', 'portal', 'postAt'], postAt.after);
  const { problems } = loadSite(name, changed, formatOf);
  if (problems.length > 0) throw configurationFault(problems);
  return changed;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw rejected('unwritable', `${file} cannot be written: ${messageOf(error)}`);
  }
  process.stderr.write(
    `${file} is written. It is in force when the service starts with it, or after PUT /v1/sites/<site>.\n`,
  );
}

/** The same figures, without the passages themselves. */
const jsonOf = ({ learned, compared, saidThen, ...rest }: Result) => ({
  ...rest,
  learned: {
    from: formatTime(learned.from),
    to: formatTime(learned.to),
    loads: Object.fromEntries(learned.loads),
    calibrations: Object.fromEntries(learned.calibrations),
  },
  compared: {
    from: formatTime(compared.from),
    to: formatTime(compared.to),
    isHeldOut: compared.isHeldOut,
    before: compared.before,
    after: compared.after,
    decidedOtherwise: compared.differences.length,
    measured: compared.measured && {
      of: compared.measured.of,
      before: measuredJson(compared.measured.before),
      after: measuredJson(compared.measured.after),
    },
  },
  saidThen: saidThen && reliability(saidThen),
});

const measuredJson = ({ leading, posted, sayings }: NonNullable<Result['compared']['measured']>['before']) => ({
  leading,
  posted,
  reliability: reliability(sayings),
});
