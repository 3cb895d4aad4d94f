// The health in a Zebra heartbeat as measures. Firmwares disagree on names and places, and send null for what they
// lack: each figure is looked for where any of them puts it, and left out when it is no number. Nothing is rejected.
import type { Measure } from '../entries.ts';
import { lenientNumber } from './field.ts';
import { isObject, type JsonObject } from './message.ts';

/** More antennas, inputs or data paths than any reader has; further ones are left out. */
const PORTS_MAX = 64;

interface Figure {
  readonly name: string;
  readonly at: readonly [section: string, ...path: string[]];
  /** UCUM; counters have none. */
  readonly unit?: string;
}

const FIGURES: readonly Figure[] = [
  { name: 'temperature.ambient', at: ['system', 'temperature', 'ambient'], unit: 'Cel' },
  { name: 'temperature.pa', at: ['system', 'temperature', 'pa'], unit: 'Cel' },
  { name: 'cpu.user', at: ['system', 'cpu', 'user'], unit: '%' },
  { name: 'cpu.system', at: ['system', 'cpu', 'system'], unit: '%' },
  { name: 'ram.free', at: ['system', 'ram', 'free'], unit: 'By' },
  { name: 'ram.used', at: ['system', 'ram', 'used'], unit: 'By' },
  // In ms, as ntpq prints it.
  { name: 'ntp.offset', at: ['system', 'ntp', 'offset'], unit: 'ms' },
  { name: 'ntp.reach', at: ['system', 'ntp', 'reach'] },
  // Since the radio started.
  { name: 'radio.tagReads', at: ['radio_control', 'numTagReads'] },
  { name: 'radio.errors', at: ['radio_control', 'numErrors'] },
  { name: 'radio.warnings', at: ['radio_control', 'numWarnings'] },
];

/** What became of the data messages; the second spelling is an FX9600's and FXR60's, the first the documentation's. */
const MESSAGE_COUNTERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['messages.received', ['Rxed', 'numDataMessagesRxed']],
  ['messages.sent', ['Txed', 'numDataMessagesTxed']],
  ['messages.retained', ['Retained', 'numDataMessagesRetained']],
  ['messages.dropped', ['Dropped', 'numDataMessagesDropped']],
]);

/** Measures of one heartbeat's `data`, taken at `at` (ms). States are 1 and 0. */
export function heartbeatMeasures(device: string, data: JsonObject, at: number): readonly Measure[] {
  const measures: Measure[] = [];
  const add = (name: string, value: number, unit?: string) => {
    if (Number.isNaN(value)) return;
    measures.push(unit === undefined ? { device, name, value, at } : { device, name, value, unit, at });
  };
  for (const figure of FIGURES) add(figure.name, lenientNumber(valueAt(data, figure.at)), figure.unit);
  for (const [port, state] of ports(data, 'radio_control', 'antennas')) {
    add(`antenna.${port}.connected`, stateOf(state, 'connected', 'disconnected'));
  }
  for (const [port, reads] of ports(data, 'radio_control', 'numTagReadsPerAntenna')) {
    add(`antenna.${port}.tagReads`, lenientNumber(reads));
  }
  for (const [port, level] of ports(data, 'system', 'GPI')) add(`gpi.${port}.high`, stateOf(level, 'HIGH', 'LOW'));
  const paths = dataPaths(data);
  for (const [name, spellings] of MESSAGE_COUNTERS) add(name, total(paths, spellings));
  return measures;
}

function valueAt(data: JsonObject, path: readonly string[]): unknown {
  let value: unknown = data;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return value;
}

/** Members named by a port number. How many there are differs by model: 6 and 8 were seen, 13 are documented. */
function ports(data: JsonObject, ...path: readonly string[]): readonly (readonly [string, unknown])[] {
  const value = valueAt(data, path);
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([name]) => /^[1-9]\d{0,2}$/u.test(name))
    .slice(0, PORTS_MAX);
}

/** Once counters of the gateway itself, since then one set of them for each way out. */
function dataPaths(data: JsonObject): readonly JsonObject[] {
  const statistics = valueAt(data, ['reader_gateway', 'dataPathStatistics']);
  if (Array.isArray(statistics)) return statistics.slice(0, PORTS_MAX).filter(isObject);
  const flat = isObject(statistics) ? statistics : data.reader_gateway;
  return isObject(flat) ? [flat] : [];
}

/** NaN when no path has the counter. */
function total(paths: readonly JsonObject[], spellings: readonly string[]): number {
  const counts = paths
    .flatMap((path) => spellings.map((spelling) => lenientNumber(path[spelling])))
    .filter((count) => !Number.isNaN(count));
  return counts.length === 0 ? Number.NaN : counts.reduce((sum, count) => sum + count, 0);
}

function stateOf(value: unknown, one: string, zero: string): number {
  if (value === one) return 1;
  return value === zero ? 0 : Number.NaN;
}
