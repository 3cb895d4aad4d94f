// `tallygate score`: the accuracy benchmark. Recorded traffic against its truth, then simulated traffic against its own.
import { parseArgs } from 'node:util';
import { CELLS, cellsNamed } from '../../simulators/score/cells.ts';
import { INSTALLATION_CASES, type InstallationScore } from '../../simulators/score/installations.ts';
import { installationTable } from '../../simulators/score/installationTable.ts';
import { RUNS, scoreRecorded, type RecordedScore } from '../../simulators/score/recorded.ts';
import { recordedTable } from '../../simulators/score/recordedTable.ts';
import type { CellScore } from '../../simulators/score/simulated.ts';
import { simulatedJson, simulatedTable } from '../../simulators/score/simulatedTable.ts';
import type { ZoneScore } from '../../simulators/score/zones.ts';
import { zonesJson, zonesTable } from '../../simulators/score/zonesTable.ts';
import type { PhantomScore } from '../../simulators/score/phantoms.ts';
import { phantomsJson, phantomsTable } from '../../simulators/score/phantomsTable.ts';
import { recordsTable, scoreAllRecords } from '../../simulators/score/records.ts';
import type { WeeksScore } from '../../simulators/week/score.ts';
import { weekJson, weekTable } from '../../simulators/week/weekTable.ts';
import { LEVEL_NAMES } from '../../simulators/radio/levels.ts';
import { rejected } from '../kit/faults.ts';
import { scoreParts, type Part } from './scoreParts.ts';
import { doubtRecord } from './scoreRecords.ts';

const HELP = `tallygate score [--cells CHOICE] [--seeds LIST] [--json]

Recorded: the dock door in test/data/dock-door (three runs, MIT-licensed) through the whole pipeline, offline, nothing known
of pallets or orders, and the movements against the truth: right means within 5 s and in the right direction. Parked windows
are the 10-second windows in which a parked tag was read; none of them ever moves.

Simulated: doors in air as noisy as simulators/NOISE.md says, every parameter off by up to a fifth each seed. Right means the
right tag, direction and door, within 2 s. "leading" is what each passage most likely was, "posted" what the ledger has.

  heard        share of the tags that were read while they crossed; nobody can know of the others, unless told
  limit F1     what Bayes' rule reaches with the true parameters, each pallet's members known
  wrong way    share of the tags found crossing that were taken to cross the other way
  carried F1   posted, and carried along unread in the container that they were packed into
  strays/M     movements of tags that did not cross, in a million reads
  left         passages left to a person, as a share of the true crossings
  twice        movements of one crossing told twice
  p50, p99     seconds from the crossing until it was posted
  naive        whatever is heard crossed, to the side that heard it last
  sides        first heard on one side, last on the other
  EdgeX        the rule of EdgeX app-rfid-llrp-inventory, profile asset_tracking

Installations: doors and zones with one fault each at a typical level of noise, and sound ones at all three: whether the fault is found, after
how many loads and how long (ten minutes of it until nothing can change any more), and what is found falsely. One seed.

Zones: a day of 40 tags under two zones side by side, which hear each other's tags (simulators/NOISE.md 4); a movement is right when it is told
within ten minutes of when it was, or could first be heard of. Four seeds.

  limit F1     what Bayes' rule reaches with the true parameters of the air and all of the day before it
  in 30 min    the same, when each movement must be told within half an hour
  false        movements that were not, of a tag in a day
  p50, p90     seconds from the movement until it was posted
  last         a tag is where it was read last
  majority     where it was read most in the last 15 minutes
  SMURF        where it was read most in windows as long as it takes not to miss it (VLDB 2006)
  EdgeX        as above

Phantom stock: 90 days of 200 tags under a zone, hour by hour: how often each answers, what hides it, when it goes and nobody sees it, when
readers are away, and a count with a handheld reader every two weeks. Thirty zones a level; all levels with one setting.

  said > p     it is said that an item has gone with more than this probability: from 0.3 on it is a place to look at, from 0.75 on an
               alert, from 0.9 on a warning (limits of the rule \`phantom\`)
  silent       it was not heard for so long: the simple rule
  median h     hours from the loss until it was said, over all losses
  said, and so it was   of hours in which so much was said, what was said in the mean, and the share in which the item had gone

Stock without tags: 60,000 records, some of which have less in the bin than the books, each judged after the next picker came.

Working week: five days of two warehouses and a 3PL, with what people, suppliers and carriers do wrong. The truth is known to the simulator alone.

  accounts         location, SKU, lot and status at each site, compared at the end
  wrong            of them, those of which the books had something else than was read or scanned; every evening too
  left to a person passages that doors left undecided
  never seen       mistakes that no reader read and nobody scanned: nobody could tell
  found            told as what they are, of the very goods, at the right place, in time
  without a cause  told, and nothing was wrong: doors that took what stood or drove by for what crossed

  --cells CHOICE  all (${CELLS.length}, some twelve minutes on two processors), quick (a minute), zones, phantoms, week, none, or those whose names contain the text; default all
  --seeds LIST    whole numbers with commas between; default 1,2,3,4,5,6 (quick: 1,2,3)
`;

export async function scoreCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      cells: { type: 'string', default: 'all' },
      seeds: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const cells = cellsNamed(values.cells);
  if (cells.length === 0 && !['none', 'zones', 'phantoms', 'week'].includes(values.cells))
    throw rejected('usage', `No cell is named ${values.cells}.\n\n${HELP}`);
  const seeds = seedsOf(values.seeds ?? (values.cells === 'quick' ? '1,2,3' : '1,2,3,4,5,6'));
  const recorded: RecordedScore[] = [];
  for (const run of RUNS) recorded.push(await scoreRecorded(run));
  if (!values.json) process.stdout.write(`${recordedTable(recorded)}\n`);
  const isWhole = values.cells === 'all';
  const cases = isWhole || values.cells === 'quick' ? INSTALLATION_CASES : [];
  const levels = isWhole || values.cells === 'zones' ? LEVEL_NAMES : [];
  const lost = isWhole || values.cells === 'phantoms' ? LEVEL_NAMES : [];
  const worked = isWhole || values.cells === 'week' ? WEEK_LEVELS : [];
  const parts: Part[] = [
    ...cells.map(({ name }): Part => ({ of: 'cell', name, seeds })),
    ...cases.map(({ name }): Part => ({ of: 'installation', name, seeds: INSTALLATION_SEEDS })),
    ...levels.map((name): Part => ({ of: 'zones', name, seeds: ZONE_SEEDS })),
    ...lost.map((name): Part => ({ of: 'phantoms', name, seeds: PHANTOM_SEEDS })),
    ...worked.map((name): Part => ({ of: 'week', name, seeds: WEEK_SEEDS })),
  ];
  let begun = 0;
  const scores = await scoreParts(parts, ({ name }) => {
    if (process.stderr.isTTY) process.stderr.write(`${++begun} of ${parts.length}: ${name}\n`);
  });
  const simulated = scores.slice(0, cells.length) as CellScore[];
  const installations = scores.slice(cells.length, cells.length + cases.length) as InstallationScore[];
  const zonesFrom = cells.length + cases.length;
  const zones = scores.slice(zonesFrom, zonesFrom + levels.length) as ZoneScore[];
  const phantomsFrom = zonesFrom + levels.length;
  const phantoms = scores.slice(phantomsFrom, phantomsFrom + lost.length) as PhantomScore[];
  const weeks = scores.slice(phantomsFrom + lost.length) as WeeksScore[];
  const records = lost.length > 0 ? scoreAllRecords(doubtRecord) : [];
  if (values.json) {
    const cellsJson = simulated.map((result) => simulatedJson(result));
    const zonesAsJson = zones.map((result) => zonesJson(result));
    process.stdout.write(
      `${JSON.stringify({ recorded, installations, zones: zonesAsJson, phantoms: phantoms.map((one) => phantomsJson(one)), ...(records.length > 0 && { records }), weeks: weeks.map((one) => weekJson(one)), seeds, simulated: cellsJson })}\n`,
    );
    return 0;
  }
  if (installations.length > 0) process.stdout.write(`${installationTable(installations)}\n`);
  if (zones.length > 0) process.stdout.write(`${zonesTable(zones)}\n`);
  if (phantoms.length > 0) process.stdout.write(`${phantomsTable(phantoms)}\n`);
  if (records.length > 0) process.stdout.write(`${recordsTable(records)}\n`);
  if (weeks.length > 0) process.stdout.write(`${weekTable(weeks)}\n`);
  if (simulated.length > 0) process.stdout.write(simulatedTable(simulated));
  return 0;
}

function seedsOf(list: string): number[] {
  if (!/^\d{1,9}(?:,\d{1,9})*$/.test(list)) throw rejected('usage', `--seeds: ${list} is no list of whole numbers.`);
  return list.split(',').map(Number);
}

const INSTALLATION_SEEDS = [1];
/** Others than those on which the rules were found. */
const ZONE_SEEDS = [4, 5, 6, 7];
/** Six zones have 34 losses where few are lost: half of these are found within 37 h, of those of thirty zones within 21. */
const PHANTOM_SEEDS = Array.from({ length: 30 }, (_, index) => 11 + index);
const WEEK_SEEDS = [1, 2, 3, 4, 5, 6];
const WEEK_LEVELS = ['clean', 'typical', 'hostile'] as const;
