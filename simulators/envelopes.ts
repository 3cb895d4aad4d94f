// A gateway as the service sees it: what its readers, scanners and inputs observe goes into envelopes, each closed 200 ms
// after its first entry or when it is full. Time comes in with the observations; the same ones give the same bytes.
import type { Measure, Scan, Trigger } from '../src/wire/entries.ts';
import { ENVELOPE_ENTRIES_MAX, type EnvelopeMessage } from '../src/wire/envelope.ts';
import { formatTime } from '../src/wire/time.ts';
import type { EnvelopeSent } from './messages.ts';

/** A read on its way into an envelope; `seenAt` on the reader's clock. */
export interface ReadObserved {
  readonly reader: string;
  readonly antenna: number;
  readonly epc: string;
  readonly rssiDbm: number | undefined;
  readonly seenAt: number;
}

/** What a device told its gateway, and when it did (true time, ms). */
export type Observation =
  | { readonly kind: 'read'; readonly at: number; readonly read: ReadObserved }
  | { readonly kind: 'scan'; readonly at: number; readonly scan: Scan }
  | { readonly kind: 'trigger'; readonly at: number; readonly trigger: Trigger }
  | { readonly kind: 'measure'; readonly at: number; readonly measure: Measure };

/** Who observed it. */
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

/** Where a gateway is: enough to go on after a restart, when its outbox survived. Plain JSON. */
export interface GatewayState {
  readonly epoch: string;
  readonly nextSeq: number;
  /** When the envelopes that are not receipted yet were sent, oldest first. */
  readonly held: readonly (readonly [seq: number, sentAt: number])[];
}

export interface Gateway {
  /** Takes observations in the order of their `at`; returns the envelopes that they complete. */
  readonly take: (observation: Observation) => readonly EnvelopeSent[];
  /** The envelope that has waited long enough at `now`, if there is one. */
  readonly due: (now: number) => readonly EnvelopeSent[];
  /** Closes what is open, at the latest time known. */
  readonly close: (now: number) => readonly EnvelopeSent[];
  readonly save: () => GatewayState;
}

export const LINGER_MS = 200;
/**
 * A simulated receipt takes this long; until then `oldest` says that the envelope is still held. Longer than any
 * reordering, and than what a publisher may have on its way: nothing that is still to come is declared lost.
 */
const RECEIPT_AFTER_MS = 120_000;

/** From the gateway to the service: the network, without faults. */
const TRANSIT_MS = 20;

export function createGateway(site: string, gateway: string, from: string | GatewayState): Gateway {
  const state = typeof from === 'string' ? { epoch: from, nextSeq: 1, held: [] } : from;
  const held = [...state.held];
  let nextSeq = state.nextSeq;
  let open: Draft | undefined;

  const send = (sentAt: number): readonly EnvelopeSent[] => {
    if (open === undefined) return [];
    const { size: _, closesAt: __, ...entries } = open;
    open = undefined;
    while (held.length > 0 && held[0]![1] <= sentAt - RECEIPT_AFTER_MS) held.shift();
    const seq = nextSeq++;
    held.push([seq, sentAt]);
    const head = { v: 1 as const, epoch: state.epoch, seq, oldest: held[0]![0], sentAt: formatTime(sentAt) };
    return [{ kind: 'envelope', at: sentAt + TRANSIT_MS, site, gateway, envelope: { ...head, ...entries } }];
  };
  const due = (now: number): readonly EnvelopeSent[] =>
    open !== undefined && open.closesAt <= now ? send(open.closesAt) : [];

  return {
    due,
    take: (observation) => {
      const before = due(observation.at);
      open ??= { size: 0, closesAt: observation.at + LINGER_MS };
      addTo(open, observation);
      return open.size < ENVELOPE_ENTRIES_MAX ? before : [...before, ...send(observation.at)];
    },
    close: (now) => send(open === undefined ? now : Math.min(now, open.closesAt)),
    save: () => ({ epoch: state.epoch, nextSeq, held: [...held] }),
  };
}

type Draft = Pick<EnvelopeMessage, 'reads' | 'scans' | 'triggers' | 'measures'> & {
  size: number;
  readonly closesAt: number;
};

function addTo(draft: Draft, observation: Observation): void {
  draft.size++;
  switch (observation.kind) {
    case 'read': {
      const { reader, antenna, epc, rssiDbm, seenAt } = observation.read;
      const signal = rssiDbm === undefined ? {} : { rssiDbm };
      (draft.reads ??= []).push({ reader, antenna, epc, ...signal, seenAt: formatTime(seenAt) });
      return;
    }
    case 'scan':
      (draft.scans ??= []).push({ ...observation.scan, at: formatTime(observation.scan.at) });
      return;
    case 'trigger':
      (draft.triggers ??= []).push({ ...observation.trigger, at: formatTime(observation.trigger.at) });
      return;
    case 'measure':
      (draft.measures ??= []).push({ ...observation.measure, at: formatTime(observation.measure.at) });
  }
}
