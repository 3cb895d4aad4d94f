// The payload of Sparkplug B 3.0 (section 6.4): a Protocol Buffers message, of which we need the time, the sequence number and of each metric
// its name or alias, its time and its number. Everything else is skipped, as Protocol Buffers wants it. Pure; bytes that are no such message throw.
import { rejected } from '../../kit/faults.ts';

export interface SparkplugMetric {
  /** Only births have it. */
  readonly name: string | undefined;
  readonly alias: number | undefined;
  /** ms since 1970. */
  readonly at: number | undefined;
  /** Undefined of text, data sets, templates and null. */
  readonly value: number | undefined;
}

export interface SparkplugPayload {
  /** ms since 1970. */
  readonly at: number | undefined;
  /** 0 to 255. */
  readonly seq: number | undefined;
  readonly metrics: readonly SparkplugMetric[];
}

/** More metrics than any edge node has; a message with more is refused. */
const METRICS_MAX = 10_000;
/** Signed integers of 8, 16 and 32 bits travel in an unsigned field of 32. */
const SIGNED_BITS: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 16],
  [3, 32],
]);
const INT64 = 4;
/** What some edge nodes say of a payload that is in another one, packed. */
const COMPRESSED = 'SPBV1.0_COMPRESSED';

/** Throws a `rejected` fault `not-sparkplug`. */
export function decodeSparkplug(bytes: Uint8Array): SparkplugPayload {
  let at: number | undefined;
  let seq: number | undefined;
  const metrics: SparkplugMetric[] = [];
  for (const { field, number, content } of fieldsOf(bytes)) {
    if (field === 4 && content !== undefined && Buffer.from(content).toString() === COMPRESSED)
      throw rejected('compressed', 'The payload is compressed: switch that off at the edge node.');
    if (field === 1 && number !== undefined) at = Number(number);
    else if (field === 3 && number !== undefined) seq = Number(number);
    else if (field === 2 && content !== undefined) {
      if (metrics.length >= METRICS_MAX) throw broken(`more than ${METRICS_MAX} metrics`);
      metrics.push(metricOf(content));
    }
  }
  return { at, seq, metrics };
}

function metricOf(bytes: Uint8Array): SparkplugMetric {
  let [name, alias, at]: [string | undefined, number | undefined, number | undefined] = [
    undefined,
    undefined,
    undefined,
  ];
  let type = 0;
  let isNull = false;
  let raw: { readonly field: number; readonly number: bigint; readonly float: number } | undefined;
  for (const { field, number = 0n, content, float = 0 } of fieldsOf(bytes)) {
    if (field === 1 && content !== undefined) name = Buffer.from(content).toString('utf8');
    else if (field === 2) alias = Number(number);
    else if (field === 3) at = Number(number);
    else if (field === 4) type = Number(number);
    else if (field === 7) isNull = number !== 0n;
    else if (field >= 10 && field <= 14) raw = { field, number, float };
  }
  return { name, alias, at, value: isNull || raw === undefined ? undefined : valueOf(type, raw) };
}

function valueOf(
  type: number,
  { field, number, float }: { readonly field: number; readonly number: bigint; readonly float: number },
): number {
  if (field === 12 || field === 13) return float;
  const bits = SIGNED_BITS.get(type);
  if (bits !== undefined) return Number(BigInt.asIntN(bits, number));
  return Number(type === INT64 ? BigInt.asIntN(64, number) : number);
}

/** The command that asks an edge node to be born again (Sparkplug B 3.0, section 6.4.30): `Node Control/Rebirth` is true. */
export function rebirthCommand(at: number): Buffer {
  const name = Buffer.from('Node Control/Rebirth');
  const metric = Buffer.concat([Buffer.from([0x0a, name.length]), name, Buffer.from([0x20, 11, 0x70, 1])]);
  return Buffer.concat([
    Buffer.from([0x08]),
    varintOf(BigInt(Math.max(0, Math.floor(at)))),
    Buffer.from([0x12, metric.length]),
    metric,
  ]);
}

function varintOf(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

interface Field {
  readonly field: number;
  readonly number?: bigint;
  readonly content?: Uint8Array;
  readonly float?: number;
}

/** The fields of a message, in the order in which they stand (protobuf.dev/programming-guides/encoding). */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[place++];
      if (byte === undefined) throw broken('it ends within a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw broken('a number is longer than 64 bits');
  };
  const take = (length: number): number => {
    const from = place;
    if (length > bytes.length - place) throw broken('it ends within a field');
    place += length;
    return from;
  };
  while (place < bytes.length) {
    const tag = Number(varint());
    const field = Math.floor(tag / 8);
    if (field === 0) throw broken('a field has the number 0');
    switch (tag % 8) {
      case 0:
        yield { field, number: varint() };
        break;
      case 1:
        yield { field, float: view.getFloat64(take(8), true) };
        break;
      case 2: {
        const length = Number(varint());
        const from = take(length);
        yield { field, content: bytes.subarray(from, from + length) };
        break;
      }
      case 5:
        yield { field, float: view.getFloat32(take(4), true) };
        break;
      default:
        throw broken(`a field has the wire type ${tag % 8}`);
    }
  }
}

const broken = (why: string) => rejected('not-sparkplug', `The message is no Sparkplug B payload: ${why}.`);
