// The way from readers and gateways to the service, with its faults: messages go in with the time at which they would
// arrive, and come out when they do: late, twice, after others, after an outage, or never. Chance is one stream a line.
import type { EnvelopeMessage } from '../../src/wire/envelope.ts';
import { lineOf, type TimedMessage } from '../messages.ts';
import { random, type Random } from '../random.ts';
import { createOutages, type Outages } from './outages.ts';
import type { FaultOptions } from './options.ts';

export interface Transport {
  /** Messages in the order of their `at`, then the time itself; what arrives until `now`, by arrival. */
  readonly take: (messages: readonly TimedMessage[], now: number) => TimedMessage[];
  /** Everything still on its way. */
  readonly end: () => TimedMessage[];
}

/** Messages on their way at once; above that the first ones arrive early. An outage of hours holds some 100,000. */
const ON_THE_WAY_MAX = 500_000;
/** A line that replays sends its last messages again: what a gateway that lost its notes would do. */
const REPLAYED_MAX = 20;
/** The second delivery of a message follows after this; mean. */
const DUPLICATE_AFTER_MS = 1000;
/** A network stays as slow as it is for this long; mean. */
const SPELL_MS = 30_000;
/** ln(p99 / median) of a lognormal in standard deviations. */
const P99_SD = 2.326;

/** One line of messages and what it needs to remember. */
interface Line {
  readonly chance: Random;
  readonly outages: Outages;
  readonly recent: TimedMessage[];
  lastAt: number;
  /** How slow it is now, and until when. */
  delayMs: number;
  slowUntil: number;
}

export function createTransport(options: FaultOptions, seed: number): Transport {
  const lines = new Map<string, Line>();
  const onTheWay: TimedMessage[] = [];
  const lineFor = (message: TimedMessage): Line => {
    const name = lineOf(message);
    let line = lines.get(name);
    if (line === undefined) {
      const chance = random(seed, 'transport', name);
      const outages = createOutages(options, random(seed, 'outages', name), message.at);
      lines.set(name, (line = { chance, outages, recent: [], lastAt: message.at, delayMs: 0, slowUntil: -Infinity }));
    }
    return line;
  };
  return {
    take: (messages, now) => {
      for (const message of messages) {
        for (const delivery of deliveriesOf(message, lineFor(message), options)) insert(onTheWay, delivery);
      }
      const early = Math.max(0, onTheWay.length - ON_THE_WAY_MAX);
      return onTheWay.splice(0, Math.max(early, countUntil(onTheWay, now)));
    },
    end: () => onTheWay.splice(0),
  };
}

function deliveriesOf(message: TimedMessage, line: Line, options: FaultOptions): TimedMessage[] {
  const { chance } = line;
  if (chance.chance(options.loss)) return [];
  const held = line.outages.pass(withEntryFaults(message, options, chance));
  if (held === undefined) return [];
  // A reader sends its backlog beside what it sees now; a gateway sends everything in order.
  const isBacklog = message.kind === 'device' && held.at > message.at;
  const at = isBacklog ? held.at : arrivalOf(held.at, line, options);
  const delivery = { ...held, at };
  const deliveries = [delivery];
  if (chance.chance(options.duplicate))
    deliveries.push({ ...delivery, at: at + chance.exponential(DUPLICATE_AFTER_MS) });
  if (options.replay > 0) {
    if (chance.chance(options.replay)) deliveries.push(...line.recent.map((recent) => ({ ...recent, at })));
    line.recent.push(delivery);
    if (line.recent.length > REPLAYED_MAX) line.recent.shift();
  }
  return deliveries;
}

/** A connection keeps the order, however slow it is; only what takes another path is overtaken. */
function arrivalOf(at: number, line: Line, options: FaultOptions): number {
  const arrivesAt = Math.max(line.lastAt, at + delayOf(at, line, options));
  if (line.chance.chance(options.reorder)) return arrivesAt + line.chance.between(0, options.reorderMs);
  line.lastAt = arrivesAt;
  return arrivesAt;
}

/** A line is slow for a while, then faster again: drawn anew for each message, the order would be lost altogether. */
function delayOf(at: number, line: Line, { delayMs, delayP99Ms }: FaultOptions): number {
  if (delayMs === 0) return 0;
  if (at >= line.slowUntil) {
    const sdLn = delayP99Ms > delayMs ? Math.log(delayP99Ms / delayMs) / P99_SD : 0;
    line.delayMs = line.chance.lognormal(delayMs, sdLn);
    line.slowUntil = at + line.chance.exponential(SPELL_MS);
  }
  return line.delayMs;
}

/** Reads missing, reads twice, entries out of order, within one envelope. */
function withEntryFaults(message: TimedMessage, options: FaultOptions, chance: Random): TimedMessage {
  const { readLoss, readDuplicate, reorder } = options;
  if (message.kind !== 'envelope' || readLoss + readDuplicate + reorder === 0) return message;
  const { reads } = message.envelope;
  if (reads === undefined) return message;
  const kept = reads
    .filter(() => !chance.chance(readLoss))
    .flatMap((read) => (chance.chance(readDuplicate) ? [read, read] : [read]));
  const { reads: _, ...rest } = message.envelope;
  const envelope: EnvelopeMessage = kept.length === 0 ? rest : { ...rest, reads: maybeShuffled(kept, reorder, chance) };
  return { ...message, envelope };
}

const maybeShuffled = <T>(values: T[], share: number, chance: Random): T[] =>
  chance.chance(share) ? chance.shuffled(values) : values;

/** Keeps the list by time; equal times in the order in which they came. */
function insert(messages: TimedMessage[], message: TimedMessage): void {
  const index = countUntil(messages, message.at);
  if (index === messages.length) messages.push(message);
  else messages.splice(index, 0, message);
}

/** How many messages of a list by time arrive until `at`. */
function countUntil(messages: readonly TimedMessage[], at: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (messages[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
