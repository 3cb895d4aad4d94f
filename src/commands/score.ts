// `tallygate score`: the accuracy benchmark. Recorded traffic against its truth, then simulated traffic against its own.
import { parseArgs } from 'node:util';
import { CELLS, cellsNamed, type Cell } from '../../simulators/score/cells.ts';
import { INSTALLATION_CASES, scoreInstallation, type InstallationScore } from '../../simulators/score/installations.ts';
import { installationTable } from '../../simulators/score/installationTable.ts';
import type { OpenMachine } from '../../simulators/score/judge.ts';
import { RUNS, scoreRecorded, type RecordedScore } from '../../simulators/score/recorded.ts';
import { recordedTable } from '../../simulators/score/recordedTable.ts';
import { scoreCell, type CellScore } from '../../simulators/score/simulated.ts';
import { simulatedJson, simulatedTable } from '../../simulators/score/simulatedTable.ts';
import { scoreZones, zonesTable, type ZoneScore } from '../../simulators/score/zones.ts';
import { LEVELS, type LevelName } from '../../simulators/radio/levels.ts';
import { deriveEnd, deriveRow, dueAt, openMachine as openSiteMachine } from '../derive.ts';
import { rejected } from '../kit/faults.ts';

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
within ten minutes of when it was, or could first be heard of. Two seeds.

  --cells CHOICE  all (${CELLS.length}, some minutes), quick (half a minute), zones, none, or those whose names contain the text; default all
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
  if (cells.length === 0 && values.cells !== 'none' && values.cells !== 'zones')
    throw rejected('usage', `No cell is named ${values.cells}.\n\n${HELP}`);
  const seeds = seedsOf(values.seeds ?? (values.cells === 'quick' ? '1,2,3' : '1,2,3,4,5,6'));
  const recorded: RecordedScore[] = [];
  for (const run of RUNS) recorded.push(await scoreRecorded(run));
  if (!values.json) process.stdout.write(`${recordedTable(recorded)}\n`);
  const installations = values.cells === 'all' || values.cells === 'quick' ? scoreInstallations() : [];
  if (!values.json && installations.length > 0) process.stdout.write(`${installationTable(installations)}\n`);
  const zones = values.cells === 'all' || values.cells === 'zones' ? scoreAllZones() : [];
  if (!values.json && zones.length > 0) process.stdout.write(`${zonesTable(zones)}\n`);
  const simulated = scoreCells(cells, seeds);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ recorded, installations, zones, seeds, simulated: simulated.map((result) => simulatedJson(result)) })}\n`
      : simulated.length === 0
        ? ''
        : simulatedTable(simulated),
  );
  return 0;
}

function seedsOf(list: string): number[] {
  if (!/^\d{1,9}(?:,\d{1,9})*$/.test(list)) throw rejected('usage', `--seeds: ${list} is no list of whole numbers.`);
  return list.split(',').map(Number);
}

const INSTALLATION_SEEDS = [1];

const scoreInstallations = (): InstallationScore[] =>
  INSTALLATION_CASES.map((one, index) => {
    if (process.stderr.isTTY) process.stderr.write(`${index + 1} of ${INSTALLATION_CASES.length}: ${one.name}\n`);
    return scoreInstallation(one, INSTALLATION_SEEDS, openMachine);
  });

const ZONE_SEEDS = [1, 2];

const scoreAllZones = (): ZoneScore[] =>
  (Object.keys(LEVELS) as LevelName[]).map((level) => scoreZones(level, ZONE_SEEDS, openMachine));

/** Cell after cell; a terminal is told which one. */
function scoreCells(cells: readonly Cell[], seeds: readonly number[]): CellScore[] {
  return cells.map((cell, index) => {
    if (process.stderr.isTTY) process.stderr.write(`${index + 1} of ${cells.length}: ${cell.name}\n`);
    return scoreCell(cell, seeds, openMachine);
  });
}

const openMachine: OpenMachine = (plan) => {
  const machine = openSiteMachine(plan);
  return {
    take: (row) => deriveRow(machine, row),
    end: () => deriveEnd(machine),
    dueAt: (now) => dueAt(machine, now),
  };
};
