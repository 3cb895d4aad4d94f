// Simulated readers in real time. What they sense comes from outside (simulators/ may not be imported here): the composition
// root hands in how to open a simulated site.
import type { Clock } from '../../src/kit/clock.ts';
import { sleep } from '../../src/kit/sleep.ts';
import type { Observation, Reader, ReaderModule, ReaderOption, ReaderValues } from '../reader.ts';

/** A simulated site, as far as a gateway cares. `Simulation` of simulators/ is one. */
export interface SimulatedSite {
  /** What its readers and scanners observed until `to` (ms), since it was asked last. */
  readonly sense: (to: number) => readonly Observation[];
}

export interface SimulatedOptions {
  readonly name: string;
  /** Opens the site at a time (ms); once for each start of the reader. */
  readonly open: (startAt: number) => SimulatedSite;
  /** Called when all that was sensed until then has been taken: the place to save the state of the simulation. */
  readonly onTaken?: (site: SimulatedSite) => void;
  readonly clock: Clock;
}

const STEP_MS = 100;

/** Senses ten times a second what has happened since; a sink that is behind makes the steps longer, and loses nothing. */
export function simulatedReader({ name, open, onTaken, clock }: SimulatedOptions): Reader {
  return {
    name,
    async start(sink, signal) {
      let now = clock();
      const site = open(now);
      while (!signal.aborted) {
        await sleep(STEP_MS, signal);
        if (signal.aborted) return;
        now = Math.max(now, clock()); // a clock that was set back does not run the simulation backwards
        await sink(site.sense(now));
        onTaken?.(site);
      }
    },
  };
}

/** `--reader simulated`, for the composition root: `open` makes the site of the options that it declares. */
export const simulatedModule = (parts: {
  readonly options: readonly ReaderOption[];
  readonly open: (values: ReaderValues) => Pick<SimulatedOptions, 'open' | 'onTaken'>;
}): ReaderModule => ({
  does: 'a simulated site, in real time: trucks, forklifts, radio noise',
  options: parts.options,
  open: (values, { clock }) => simulatedReader({ name: 'simulated', clock, ...parts.open(values) }),
});
