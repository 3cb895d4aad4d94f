// The simulated week as those who work in it share it: time, chance, truth, the sites, and what happens next.
import type { Command, CommandOutcome } from '../../src/wire/command.ts';
import type { Level } from '../radio/levels.ts';
import { random, type Random } from '../random.ts';
import type { Facts } from './facts.ts';
import type { Mistakes } from './mistakes.ts';
import type { Plant } from './plant.ts';
import type { Truth } from './truth.ts';

/** Something that a person said and the service refused, though it was so. */
export interface Refusal {
  readonly site: string;
  readonly at: number;
  readonly command: Command;
  readonly code: string;
  readonly message: string;
}

export interface Week {
  readonly seed: number;
  readonly level: Level;
  readonly plant: Plant;
  readonly truth: Truth;
  readonly mistakes: Mistakes;
  readonly facts: Facts;
  readonly refusals: Refusal[];
  /** What doors left to a person. */
  readonly undecided: Set<string>;
  readonly now: () => number;
  /** The serial number of a new tag. */
  readonly nextSerial: () => number;
  /** One stream of chance by name: nothing else shifts its draws. */
  readonly chance: (...keys: readonly (string | number)[]) => Random;
  /** Lets something happen then; things of one moment in the order in which they were planned. */
  readonly at: (time: number, happen: () => void) => void;
  /** Says what is so; a refusal is noted, unless its code is one of those that are to be expected. */
  readonly say: (site: string, actor: string, command: Command, ...expected: readonly string[]) => CommandOutcome;
}

export interface RunningWeek extends Week {
  /** Everything planned up to `until`, one after the other. */
  readonly run: (until: number) => void;
}

interface Planned {
  readonly time: number;
  readonly order: number;
  readonly happen: () => void;
}

export function openWeek(parts: Pick<Week, 'seed' | 'level' | 'plant' | 'truth' | 'mistakes' | 'facts'>): RunningWeek {
  const { seed, plant } = parts;
  const agenda: Planned[] = [];
  const refusals: Refusal[] = [];
  let order = 0;
  let serial = 1000;
  return {
    ...parts,
    refusals,
    undecided: new Set(),
    now: plant.now,
    nextSerial: () => ++serial,
    chance: (...keys) => random(seed, 'week', ...keys),
    at: (time, happen) => insert(agenda, { time: Math.round(Math.max(time, plant.now())), order: ++order, happen }),
    say: (site, actor, command, ...expected) => {
      const outcome = plant.say(site, actor, command);
      if (outcome.status === 'refused' && !expected.includes(outcome.code))
        refusals.push({ site, at: plant.now(), command, code: outcome.code, message: outcome.message });
      return outcome;
    },
    run: (until) => {
      for (let next = agenda[0]; next !== undefined && next.time <= until; next = agenda[0]) {
        agenda.shift();
        plant.advance(next.time);
        next.happen();
      }
      plant.advance(until);
    },
  };
}

/** Keeps the agenda in the order of time. */
function insert(agenda: Planned[], planned: Planned): void {
  let low = 0;
  let high = agenda.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (agenda[middle]!.time <= planned.time) low = middle + 1;
    else high = middle;
  }
  agenda.splice(low, 0, planned);
}
