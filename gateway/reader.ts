// What a reader module is to the gateway: something that runs until it is told to stop and hands over what its devices
// observed, with the devices' own times. One file a protocol in readers/; what needs more than src/wire and src/kit (the
// simulated readers) is handed in by the composition root as a ReaderModule.
import type { Clock } from '../src/kit/clock.ts';
import type { Logger } from '../src/kit/log.ts';
import type { Measure, Scan, Trigger } from '../src/wire/entries.ts';

/** One report of one tag. `antenna` and `rssiDbm` (dBm) where the reader tells them; `seenAt` on its clock, ms since 1970. */
export interface ReadObserved {
  readonly reader: string;
  readonly antenna?: number | undefined;
  /** Hex of any case and length. */
  readonly epc: string;
  readonly rssiDbm?: number | undefined;
  readonly seenAt: number;
  /** How often the tag was seen within this report; 1 when left out. */
  readonly count?: number | undefined;
}

/** What a device told its gateway. Times are the device's, ms since 1970, and never the gateway's "now". */
export type Observation =
  | { readonly kind: 'read'; readonly read: ReadObserved }
  | { readonly kind: 'scan'; readonly scan: Scan }
  | { readonly kind: 'trigger'; readonly trigger: Trigger }
  | { readonly kind: 'measure'; readonly measure: Measure };

/**
 * Takes observations; always takes all of them. A promise means that the outbox is behind: a reader that can wait awaits
 * it before it hands over more. One that cannot may go on; beyond the bound of the outbox its entries are dropped, counted.
 */
export type Sink = (observations: readonly Observation[]) => void | Promise<void>;

export interface Reader {
  readonly name: string;
  /**
   * Runs until `signal` is raised or the input ends, then resolves. A rejection with a `rejected` fault ends the gateway
   * (a person must act); any other is logged, and the reader is started again after a while.
   */
  readonly start: (sink: Sink, signal: AbortSignal) => Promise<void>;
}

/** One option of the command line that a module adds: `--name VALUE`, or a flag when `value` is undefined. */
export interface ReaderOption {
  readonly name: string;
  readonly value: string | undefined;
  readonly does: string;
}

/** A kind of reader as the command line knows it: `--reader name`. */
export interface ReaderModule {
  readonly does: string;
  readonly options: readonly ReaderOption[];
  /** Throws a `rejected` fault that names the option and what to do. A flag's value is true. */
  readonly open: (values: ReaderValues, tools: ReaderTools) => Reader | Promise<Reader>;
}

/** What every reader may use. */
export interface ReaderTools {
  readonly clock: Clock;
  readonly log: Logger;
}

export type ReaderValues = Readonly<Record<string, string | boolean | undefined>>;

/** The device that observed it. */
export function deviceOf(observation: Observation): string {
  switch (observation.kind) {
    case 'read':
      return observation.read.reader;
    case 'scan':
      return observation.scan.device;
    case 'trigger':
      return observation.trigger.reader;
    default:
      return observation.measure.device;
  }
}
