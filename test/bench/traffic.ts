// The traffic of the benchmark, as bytes that are ready but for their times: 20 doors and 40 zones behind 8 gateways; of all
// reads 97 % are of parked tags and of tags in zones, 3 % of tags that cross a door, ten reads each. Made so that the
// generator costs little beside the service that it loads.
import type { SiteFile } from '../../src/config/site.ts';

export const SITE = 'BENCH';
export const GATEWAYS = 8;
export const DOORS = 20;
export const ZONES = 40;
export const READS_PER_ENVELOPE = 50;
const PARKED_A_DOOR = 150;
const TAGS_A_ZONE = 500;
const CROSSING_SHARE = 0.03;
const PARKED_SHARE = 0.37;
/** Reads of one tag that crosses: outside, then inside. */
const CROSSING_READS = 10;
const CROSSING_MS = 3600;
/** Tags that cross together. */
const PALLET_TAGS = 30;

/** The first one is `SITE`. */
export const siteName = (index: number): string => (index === 0 ? SITE : `${SITE}-${index + 1}`);

export function benchSite(site = SITE): SiteFile {
  const doors = Array.from({ length: DOORS }, (_, index) => `D${index + 1}`);
  const zones = Array.from({ length: ZONES }, (_, index) => `Z${index + 1}`);
  return {
    site,
    name: 'Benchmark',
    locations: [
      ...doors.map((id) => ({ id: `DOCK-${id}`, kind: 'dock' as const })),
      ...zones.map((id) => ({ id: `LOC-${id}`, kind: 'pick' as const, zone: true })),
    ],
    readPoints: [
      ...doors.map((id) => ({
        id,
        kind: 'portal' as const,
        outside: 'world',
        inside: `DOCK-${id}`,
        antennas: [1, 2, 3, 4].map((antenna) => ({
          reader: `door-${id}`,
          antenna,
          side: antenna <= 2 ? ('outside' as const) : ('inside' as const),
        })),
      })),
      ...zones.map((id) => ({
        id,
        kind: 'zone' as const,
        location: `LOC-${id}`,
        antennas: [{ reader: `over-${id}`, antenna: 1 }],
      })),
    ],
  };
}

/** A read whose time, and for tags that cross also the serial, is still to be written into its bytes. */
interface Slot {
  readonly at: number;
  readonly kind: 'parked' | 'zone' | 'crossing';
}

/** Tags that lie in the zones of a gateway; the next one to be read. */
interface Lying {
  readonly aZone: number;
  next: number;
}

/** What the traffic is made of, where it is not as above. */
export interface Mix {
  /** Tags in all zones, read one after the other; so few as are above when left out, read as they come. */
  readonly zoneTags?: number;
  /** Share of reads that are of tags that cross. */
  readonly crossingShare?: number;
}

export interface Template {
  readonly bytes: Buffer;
  readonly lying: Lying | undefined;
  readonly seqAt: number;
  readonly sentAt: number;
  readonly slots: readonly (Slot & { readonly epcAt: number; readonly antennaAt: number; readonly rssiAt: number })[];
  readonly door: number;
}

const TIME = '2026-01-01T00:00:00.000Z';
const SEQ_WIDTH = 9;
const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** Envelopes of one gateway, `reads` in each, to be sent round and round. */
export function templatesOf(gateway: number, epoch: string, count: number, reads: number, mix: Mix = {}): Template[] {
  const { zoneTags, crossingShare = CROSSING_SHARE } = mix;
  const lying = zoneTags === undefined ? undefined : { aZone: Math.ceil(zoneTags / ZONES), next: 0 };
  const doors = Array.from({ length: DOORS }, (_, index) => index).filter((index) => index % GATEWAYS === gateway);
  const zones = Array.from({ length: ZONES }, (_, index) => index).filter((index) => index % GATEWAYS === gateway);
  let random = gateway * 7919 + 17;
  const next = (below: number): number => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return Math.floor((random / 0x80_00_00_00) * below);
  };
  let crossing = 0;
  return Array.from({ length: count }, (_, number) => {
    const door = doors[number % doors.length]!;
    const parts: string[] = [];
    const slots: (Slot & { epcAt: number; antennaAt: number; rssiAt: number })[] = [];
    let length = 0;
    const add = (text: string): number => {
      parts.push(text);
      length += text.length;
      return length - text.length;
    };
    add(`{"v":1,"epoch":"${epoch}","seq":`);
    const seqAt = add(' '.repeat(SEQ_WIDTH));
    add(',"oldest":1,"sentAt":"');
    const sentAt = add(TIME);
    add('","reads":[');
    for (let read = 0; read < reads; read++) {
      crossing += crossingShare;
      const isCrossing = crossing >= 1;
      if (isCrossing) crossing -= 1;
      const isParked = !isCrossing && next(1000) < (PARKED_SHARE / (1 - CROSSING_SHARE)) * 1000;
      const zone = zones[next(zones.length)]!;
      const tag = next(isParked ? PARKED_A_DOOR : TAGS_A_ZONE);
      const reader = isCrossing || isParked ? `door-D${door + 1}` : `over-Z${zone + 1}`;
      const antenna = isCrossing ? 1 : isParked ? 3 + (tag % 2) : 1;
      const epc = isCrossing
        ? '0'.repeat(24)
        : isParked
          ? `E280AA${hex(door, 6)}${hex(tag, 12)}`
          : `E280BB${hex(zone, 6)}${hex(tag, 12)}`;
      add(`${read === 0 ? '' : ','}{"reader":"${reader}","antenna":`);
      const antennaAt = add(String(antenna));
      add(',"epc":"');
      const epcAt = add(epc);
      add('","rssiDbm":-');
      const rssiAt = add(isParked ? (64 + (tag % 9) + 0.5).toFixed(1) : (55 + (tag % 15)).toFixed(1));
      add(',"seenAt":"');
      const at = add(TIME);
      add('"}');
      slots.push({ at, kind: isCrossing ? 'crossing' : isParked ? 'parked' : 'zone', epcAt, antennaAt, rssiAt });
    }
    add(']}');
    return { bytes: Buffer.from(parts.join(''), 'latin1'), lying, seqAt, sentAt, slots, door };
  });
}

/** Pallets that are crossing one door, each at another part of its way. */
export interface Crossings {
  readonly pallets: { first: number; since: number }[];
  nextSerial: number;
  turn: number;
  /** Tags of pallets that have gone all their way. */
  crossed: number;
}

/** So many at once that each tag is read about ten times while it crosses, at `readsPerSecond` over all doors. */
export function openCrossings(
  door: number,
  readsPerSecond: number,
  now: number,
  { crossingShare = CROSSING_SHARE }: Mix = {},
): Crossings {
  const atOnce = Math.max(
    1,
    Math.round((((readsPerSecond * crossingShare) / DOORS) * (CROSSING_MS / 1000)) / (PALLET_TAGS * CROSSING_READS)),
  );
  const first = door * 100_000_000;
  return {
    pallets: Array.from({ length: atOnce }, (_, index) => ({
      first: first + index * PALLET_TAGS,
      since: now - (CROSSING_MS * index) / atOnce,
    })),
    nextSerial: first + atOnce * PALLET_TAGS,
    turn: 0,
    // Those that begin under way are never seen outside.
    crossed: -PALLET_TAGS * (atOnce - 1),
  };
}

/** Writes number, times and crossing tags into a template; valid until the next call. */
export function fill(
  template: Template,
  seq: number,
  now: number,
  spanMs: number,
  crossings: Crossings,
  prefix: string,
): Buffer {
  const { bytes, slots, lying } = template;
  bytes.write(String(seq).padStart(SEQ_WIDTH, ' '), template.seqAt, 'latin1');
  const clock = new Date(now).toISOString();
  bytes.write(clock, template.sentAt, 'latin1');
  for (const [index, slot] of slots.entries()) {
    const at = now - spanMs + Math.floor((spanMs * index) / slots.length);
    writeTime(bytes, slot.at, clock, now, at);
    if (slot.kind === 'crossing') writeCrossing(bytes, slot, at, crossings, prefix);
    else if (slot.kind === 'zone' && lying !== undefined)
      writeHex(bytes, slot.epcAt + EPC_DIGITS, lying.next++ % lying.aZone);
  }
  return bytes;
}

const EPC_DIGITS = 24;
const DIGITS = Buffer.from('0123456789ABCDEF', 'latin1');
/** Of a tag's number, as many as differ. */
const TAG_DIGITS = 6;

/** A number below 16 million, so that its last digit is before `end`. */
function writeHex(bytes: Buffer, end: number, value: number): void {
  for (let digit = 1; digit <= TAG_DIGITS; digit++) bytes[end - digit] = DIGITS[(value >> (4 * (digit - 1))) & 15]!;
}

/** Only seconds and below differ within a minute. */
function writeTime(bytes: Buffer, place: number, clock: string, now: number, at: number): void {
  if (Math.floor(at / 60_000) === Math.floor(now / 60_000)) {
    bytes.write(clock, place, 'latin1');
    const ms = at % 60_000;
    bytes[place + 17] = 48 + Math.floor(ms / 10_000);
    bytes[place + 18] = 48 + (Math.floor(ms / 1000) % 10);
    bytes[place + 20] = 48 + (Math.floor(ms / 100) % 10);
    bytes[place + 21] = 48 + (Math.floor(ms / 10) % 10);
    bytes[place + 22] = 48 + (ms % 10);
  } else bytes.write(new Date(at).toISOString(), place, 'latin1');
}

function writeCrossing(
  bytes: Buffer,
  slot: Template['slots'][number],
  at: number,
  crossings: Crossings,
  prefix: string,
): void {
  const turn = crossings.turn++;
  const pallet = crossings.pallets[turn % crossings.pallets.length]!;
  if (at - pallet.since >= CROSSING_MS) {
    crossings.crossed += PALLET_TAGS;
    pallet.first = crossings.nextSerial;
    pallet.since = at;
    crossings.nextSerial += PALLET_TAGS;
  }
  const tag = pallet.first + (Math.floor(turn / crossings.pallets.length) % PALLET_TAGS);
  const share = Math.max(0, (at - pallet.since) / CROSSING_MS);
  bytes.write(`${prefix}${hex(tag, 10)}`, slot.epcAt, 'latin1');
  bytes[slot.antennaAt] = 48 + (share < 0.5 ? 1 + (turn % 2) : 3 + (turn % 2));
  bytes.write((52 + Math.abs(share - 0.5) * 30).toFixed(1), slot.rssiAt, 'latin1');
}
