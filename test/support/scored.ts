// The real machines of a site, as the benchmark's judge drives them.
import type { OpenMachine } from '../../simulators/score/judge.ts';
import type { OpenWeekMachine } from '../../simulators/week/told.ts';
import { deriveEnd, deriveRow, dueAt, openMachine, type SiteMachine } from '../../src/derive.ts';

export const machineOf = (machine: SiteMachine): ReturnType<OpenMachine> => ({
  take: (row) => deriveRow(machine, row),
  end: () => deriveEnd(machine),
  dueAt: (now) => dueAt(machine, now),
});
export const openReal: OpenMachine = (plan) => machineOf(openMachine(plan));

/** The same, as the people of the simulated week see them. */
export const openWeekMachine: OpenWeekMachine = (plan) => {
  const machine = openMachine(plan);
  return { take: (row) => deriveRow(machine, row), dueAt: (now) => dueAt(machine, now) };
};
