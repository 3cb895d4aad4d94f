// The parts of `tallygate score` that take long, side by side in as many processes as there are processors: each works one part out
// after the other, and what comes out stands in the order of the parts, whoever was quicker.
import { availableParallelism } from 'node:os';
import { CELLS } from '../../simulators/score/cells.ts';
import { INSTALLATION_CASES, scoreInstallation, type InstallationScore } from '../../simulators/score/installations.ts';
import type { OpenMachine } from '../../simulators/score/judge.ts';
import { scoreCell, type CellScore } from '../../simulators/score/simulated.ts';
import { scorePhantoms, type PhantomScore } from '../../simulators/score/phantoms.ts';
import { openDoubter } from './scoreDoubter.ts';
import { scoreZones, type ZoneScore } from '../../simulators/score/zones.ts';
import { scoreWeeks, type WeeksScore } from '../../simulators/week/score.ts';
import type { OpenWeekMachine } from '../../simulators/week/told.ts';
import type { LevelName } from '../../simulators/radio/levels.ts';
import { deriveEnd, deriveRow, dueAt, openMachine as openSiteMachine } from '../derive.ts';
import { onParentStop, startChild, type Child } from '../kit/child.ts';
import { Fault } from '../kit/faults.ts';

/** What is scored by itself: a simulated cell, a case of an installation, a level of zones, of phantom stock or of working weeks. */
export interface Part {
  readonly of: 'cell' | 'installation' | 'zones' | 'phantoms' | 'week';
  readonly name: string;
  readonly seeds: readonly number[];
}

interface Scores {
  readonly cell: CellScore;
  readonly installation: InstallationScore;
  readonly zones: ZoneScore;
  readonly phantoms: PhantomScore;
  readonly week: WeeksScore;
}
type AnyScore = Scores[Part['of']];

const STOP_WITHIN_MS = 1000;

/** Scores the parts, in their order. `begun` is told of each that begins. Throws a defect when a process of it ends before it is done. */
export async function scoreParts(parts: readonly Part[], begun: (part: Part) => void): Promise<AnyScore[]> {
  const scores: AnyScore[] = [];
  let next = 0;
  const children: Child[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let current: number;
      const go = (child: Child): void => {
        current = next++;
        const part = parts[current];
        if (part === undefined) {
          resolve();
          return;
        }
        begun(part);
        child.send(part);
      };
      const child = startChild(['score-part'], process.env, (message, self) => {
        const { score } = message as { score?: AnyScore };
        if (score !== undefined) scores[current] = score;
        go(self);
      });
      children.push(child);
      void child.ended.then(() => reject(new Fault('defect', 'score-part', 'A process of the benchmark ended early.')));
    });
  try {
    const processes = Math.min(availableParallelism(), parts.length);
    await Promise.all(Array.from({ length: processes }, () => work()));
    return scores;
  } finally {
    await Promise.all(children.map((child) => child.stop(STOP_WITHIN_MS)));
  }
}

/** `tallygate score-part`: works out what it is sent, until the parent stops it. */
export async function scorePartCommand(): Promise<number> {
  if (process.send === undefined) {
    process.stderr.write('tallygate score-part is started by tallygate score.\n');
    return 2;
  }
  const ended = new Promise<number>((resolve) => onParentStop(() => resolve(0)));
  process.on('message', (message) => {
    if (message !== null && typeof message === 'object' && 'of' in message)
      process.send!({ score: scoreOf(message as Part) });
  });
  process.send({ ready: true });
  const code = await ended;
  process.disconnect();
  return code;
}

function scoreOf({ of, name, seeds }: Part): AnyScore {
  switch (of) {
    case 'cell':
      return scoreCell(
        CELLS.find((cell) => cell.name === name)!,
        seeds,
        openMachine,
      );
    case 'installation':
      return scoreInstallation(
        INSTALLATION_CASES.find((one) => one.name === name)!,
        seeds,
        openMachine,
      );
    case 'zones':
      return scoreZones(name as LevelName, seeds, openMachine);
    case 'phantoms':
      return scorePhantoms(name as LevelName, seeds, openDoubter);
    case 'week':
      return scoreWeeks(name as LevelName, seeds, openWeekMachine);
  }
}

const openMachine: OpenMachine = (plan) => {
  const machine = openSiteMachine(plan);
  return {
    take: (row) => deriveRow(machine, row),
    end: () => deriveEnd(machine),
    dueAt: (now) => dueAt(machine, now),
  };
};

const openWeekMachine: OpenWeekMachine = (plan) => {
  const machine = openSiteMachine(plan);
  return { take: (row) => deriveRow(machine, row), dueAt: (now) => dueAt(machine, now) };
};
