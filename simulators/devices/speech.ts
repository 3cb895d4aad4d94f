// What every reader that speaks for itself has in common.
import type { Observation } from '../envelopes.ts';
import type { DeviceSent } from '../messages.ts';

/** What one reader says about one observation. */
export type Speech = (observation: Observation) => DeviceSent[];

/** Many readers use one topic for both. */
export interface Topics {
  readonly data: string;
  readonly management: string;
}

/** One message of JSON. */
export const say = (topic: string, at: number, body: object): DeviceSent[] => [
  { kind: 'device', at, topic, payload: JSON.stringify(body) },
];
