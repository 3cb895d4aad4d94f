// `tallygate gateway`: the edge process, with what gateway/ may not import itself: the simulated readers, the lock of a
// folder, the version.
import { gatewayCommand as runGateway } from '../../gateway/command.ts';
import type { ReaderValues } from '../../gateway/reader.ts';
import { simulatedModule } from '../../gateway/readers/simulated.ts';
import { LEVEL_NAMES, type LevelName } from '../../simulators/radio/levels.ts';
import { createSimulation, resumeSimulation, type Simulation } from '../../simulators/simulation.ts';
import { readStateFile, writeStateFile } from '../../simulators/stateFile.ts';
import { loadSite } from '../config/load.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import { configurationFault } from '../config/problems.ts';
import { rejected } from '../kit/faults.ts';
import { textOf } from '../kit/files.ts';
import { lockInstance } from '../store/instanceLock.ts';
import { VERSION } from '../version.ts';
import { formatOf } from '../wire/formats/formats.ts';

const SAVE_EVERY_MS = 10_000;

const simulated = simulatedModule({
  options: [
    { name: 'site-file', value: 'FILE', does: 'the site that is simulated (config/sites/dc1.yaml)' },
    { name: 'level', value: 'NAME', does: `${LEVEL_NAMES.join(', ')} (typical)` },
    { name: 'seed', value: 'N', does: 'the same seed gives the same day (1)' },
    { name: 'state', value: 'FILE', does: 'go on where the last run with this file ended; begins it' },
  ],
  open: openSimulated,
});

function openSimulated(values: ReaderValues) {
  const {
    'site-file': file = 'config/sites/dc1.yaml',
    level = 'typical',
    seed = '1',
    state,
  } = values as Record<string, string | undefined>;
  const known = LEVEL_NAMES.find((name) => name === level);
  if (known === undefined) throw rejected('usage', `--level ${level}: there are ${LEVEL_NAMES.join(', ')}.`);
  if (!/^\d+$/.test(seed)) throw rejected('usage', `--seed ${seed}: give a whole number.`);
  const plan = planOf(file);
  let savedAt = 0;
  let site: Simulation;
  return {
    open: (startAt: number) => (site = openSite(plan, known, Number(seed), startAt, state)),
    onTaken: () => {
      if (state === undefined || site.now() - savedAt < SAVE_EVERY_MS) return;
      savedAt = site.now();
      writeStateFile(state, { [plan.site]: site.save() });
    },
  };
}

function openSite(
  plan: SitePlan,
  level: LevelName,
  seed: number,
  startAt: number,
  state: string | undefined,
): Simulation {
  const saved = state === undefined ? undefined : readStateFile(state)?.[plan.site];
  return saved === undefined
    ? createSimulation(plan, { seed, level, startAt })
    : resumeSimulation(plan, saved, { level, startAt });
}

function planOf(file: string): SitePlan {
  const loaded = loadSite(file, textOf(file, 'unreadable-site', 'Say which site: --site FILE.'), formatOf);
  if (loaded.file === undefined) throw configurationFault(loaded.problems);
  return planSite({ file: loaded.file });
}

/** The command. Resolves to the exit code. */
export const gatewayCommand = (args: string[]): Promise<number> =>
  runGateway(args, { version: VERSION, readers: { simulated }, lock: (folder) => lockInstance(folder, 'gateway') });
