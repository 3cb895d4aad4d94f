// A recorded file as messages, line by line: ItemTest logs and NDJSON, told apart by their first line.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { rejected } from '../../src/kit/faults.ts';
import { checkReadable } from '../../src/kit/files.ts';
import { createGateway, type Observation } from '../envelopes.ts';
import { withClocks, type DeviceClock } from '../faults/clocks.ts';
import type { DeviceSent, TimedMessage } from '../messages.ts';
import { createItemTestParser, type AntennaNames, type ReadObservation } from './itemTest.ts';
import { createNdjsonParser } from './ndjson.ts';

/** What a recording does not say itself. The first four are for logs of single reads. */
export interface LogOptions {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string;
  readonly names: AntennaNames | undefined;
  readonly speak?: (device: string, observation: Observation) => DeviceSent[] | undefined;
  /** Wrong clocks for a recording that begins at a time; undefined for right ones. */
  readonly clocksFrom: (at: number) => DeviceClock | undefined;
}

/** Turns lines into messages; `end` gives what was still open and, as a sentence, what a person should know. */
interface LineReader {
  readonly line: (text: string) => readonly TimedMessage[];
  readonly end: () => { readonly messages: readonly TimedMessage[]; readonly remark?: string };
}

/** The messages of a file, by time. Throws a `rejected` fault when it cannot be read or a line is no message. */
export async function* readRecording(
  file: string,
  log: LogOptions,
  report: (text: string) => void,
): AsyncGenerator<TimedMessage> {
  let reader: LineReader | undefined;
  let latest = -Infinity;
  // Lines are taken in the order of the file: one that claims to be older came when it came.
  const inOrder = (message: TimedMessage): TimedMessage => {
    latest = Math.max(latest, message.at);
    return message.at === latest ? message : { ...message, at: latest };
  };
  for await (const line of linesOf(file)) {
    if (reader === undefined && line.trim() === '') continue;
    reader ??= line.trimStart().startsWith('{') ? ndjsonReader(file, log) : itemTestReader(file, log);
    for (const message of reader.line(line)) yield inOrder(message);
  }
  const rest = reader?.end();
  for (const message of rest?.messages ?? []) yield inOrder(message);
  if (rest?.remark !== undefined) report(rest.remark);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  await checkReadable(file, 'unreadable-recording');
  yield* createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

function ndjsonReader(file: string, log: LogOptions): LineReader {
  const parse = createNdjsonParser(file);
  let clock: DeviceClock | undefined;
  let first = true;
  let unskewed = 0;
  return {
    line: (text) => {
      const message = parse(text);
      if (message === undefined) return [];
      if (first) clock = log.clocksFrom(message.at);
      first = false;
      if (clock === undefined) return [message];
      if (message.kind === 'device') unskewed++;
      return [withClocks(message, clock)];
    },
    end: () =>
      unskewed === 0
        ? { messages: [] }
        : { messages: [], remark: `${unskewed} messages of devices keep their times: only envelopes can be skewed` },
  };
}

function itemTestReader(file: string, log: LogOptions): LineReader {
  if (log.names === undefined) {
    throw rejected(
      'no-reader-name',
      `${file} is an ItemTest log: it does not name its reader. Say which one it is: --reader door-1, or antenna by antenna --reader 1=door-1/3,2=door-1/4.`,
    );
  }
  const parser = createItemTestParser(log.names);
  const gateway = createGateway(log.site, log.gateway, log.epoch);
  let clock: DeviceClock | undefined;
  let latest: number | undefined;
  return {
    line: (text) => {
      const observation = parser.line(text);
      if (observation === undefined) return [];
      if (latest === undefined) clock = log.clocksFrom(observation.at);
      latest = Math.max(latest ?? 0, observation.at);
      const seen = clock === undefined ? observation : withClock(observation, clock);
      return log.speak?.(seen.read.reader, seen) ?? gateway.take(seen);
    },
    end: () => ({
      messages: gateway.close(latest ?? 0),
      ...(parser.bad() === 0 ? {} : { remark: `${parser.bad()} lines of ${file} are no reads` }),
    }),
  };
}

const withClock = (observation: ReadObservation, clock: DeviceClock): ReadObservation => ({
  ...observation,
  read: { ...observation.read, seenAt: Math.max(0, clock(observation.read.reader, observation.at)) },
});
