// EPC bank in, identity out. A tag that is not GS1 is no error: it is `raw`, known by its hex, with the reason why.
// The same EPC read with more or fewer zero words behind it always comes out with the same `hex`.
import { rejected } from '../../kit/faults.ts';
import type { Epc } from '../entries.ts';
import { bitsOf, bitsToLastNonZero, isZeroFrom, takeNumber } from './bits.ts';
import { digitalLinkPathOf } from './digitalLink.ts';
import type { Elements } from './digitalLink.ts';
import type { RawReason, Reading } from './fields.ts';
import { PLUS_SCHEMES } from './plusSchemes.ts';
import { SCHEMES } from './schemes.ts';
import type { ElementPair, EpcClass, Scheme } from './schemes.ts';
import { escapeForUrn } from './urns.ts';

export interface Gs1Epc {
  readonly kind: 'gs1';
  /** As the Tag Data Standard writes it: `SGTIN-96`, `GIAI-202`, `SSCC+`. */
  readonly scheme: string;
  readonly class: EpcClass;
  /** Upper case, whole 16-bit words, no zero words behind the end. */
  readonly hex: Epc;
  /** Undefined for GID, which has none. */
  readonly filter: number | undefined;
  /** Only where the tag tells its length: the GS1 schemes of TDS 1. */
  readonly companyPrefix: string | undefined;
  /** The same in the terms of a barcode. Empty for GID, USDOD and ADI. */
  readonly elements: Elements;
  readonly gtin14: string | undefined;
  /** AI (21), of an SGTIN or ITIP. */
  readonly serial: string | undefined;
  readonly sscc18: string | undefined;
  /** As in AI (8003): a zero, 13 digits, the serial. */
  readonly grai: string | undefined;
  /** Undefined for the schemes of TDS 2, which have no URN. */
  readonly pureIdentityUri: string | undefined;
  readonly tagUri: string | undefined;
  /** Undefined for GID, USDOD and ADI. To compare with a scan, use `identityOf`. */
  readonly digitalLinkPath: string | undefined;
}

export interface RawEpc {
  readonly kind: 'raw';
  /** Upper case, otherwise as read. */
  readonly hex: Epc;
  readonly reason: RawReason;
  /** The scheme that its header announces. */
  readonly scheme: string | undefined;
}

export type DecodedEpc = Gs1Epc | RawEpc;

/** What the ledger needs to know of a tag that it meets for the first time. `epc` is the key to keep it by. */
export interface EpcIdentity {
  readonly epc: Epc;
  readonly class: EpcClass;
  readonly gtin14: string | undefined;
  readonly sscc18: string | undefined;
  readonly grai: string | undefined;
}

const HEX = /^[0-9A-Fa-f]+$/;
const HEADER_BITS = 8;
const WORD_BITS = 16;

/** TDS table 14-1: headers that will never have a scheme. */
const REASON_BY_HEADER: ReadonlyMap<number, RawReason> = new Map([
  [0x00, 'unprogrammed'],
  [0xe2, 'tid-class'],
]);

const SCHEME_BY_HEADER: readonly (Scheme | undefined)[] = schemesByHeader([...SCHEMES, ...PLUS_SCHEMES]);

/** Whether `text` is what a reader may report as an EPC: hex digits of either case, one at least. */
export const isEpcHex = (text: string): boolean => HEX.test(text);

/**
 * Decodes an EPC bank from its first bit (behind CRC and PC), in hex of any case and length.
 * Throws a `rejected` fault `bad-epc` when `hex` is not hex, and for nothing else.
 */
export function decodeEpc(hex: string): DecodedEpc {
  if (!isEpcHex(hex)) throw rejected('bad-epc', 'not hexadecimal', { epc: hex.slice(0, 64) });
  const bank = readBank(hex.toUpperCase());
  return bank.kind === 'raw' ? bank : describe(bank);
}

/**
 * The part of `decodeEpc` that every new tag needs, without the URIs. Never throws: what is not hex is `other` too.
 */
export function identify(hex: string): EpcIdentity {
  const upper = hex.toUpperCase();
  const bank = isEpcHex(upper) ? readBank(upper) : undefined;
  if (bank?.kind !== 'read') {
    return { epc: upper, class: 'other', gtin14: undefined, sscc18: undefined, grai: undefined };
  }
  const { family } = bank.scheme;
  const elements = family.class === 'other' ? [] : family.elements(bank.reading.parts);
  return {
    epc: bank.hex,
    class: family.class,
    gtin14: valueOf(elements, '01'),
    sscc18: valueOf(elements, '00'),
    grai: valueOf(elements, '8003'),
  };
}

interface ReadBank {
  readonly kind: 'read';
  readonly scheme: Scheme;
  readonly hex: Epc;
  readonly reading: Reading;
}

function readBank(hex: Epc): ReadBank | RawEpc {
  const reading: Reading = { hex, at: 0, filter: undefined, dataFollows: false, parts: [] };
  if (bitsOf(hex) < HEADER_BITS) return { kind: 'raw', hex, reason: 'truncated', scheme: undefined };
  const header = takeNumber(reading, HEADER_BITS);
  const scheme = SCHEME_BY_HEADER[header];
  if (scheme === undefined) {
    return { kind: 'raw', hex, reason: REASON_BY_HEADER.get(header) ?? 'reserved-header', scheme: undefined };
  }
  const reason = readFields(reading, scheme);
  if (reason !== undefined) return { kind: 'raw', hex, reason, scheme: scheme.name };
  return { kind: 'read', scheme, hex: canonical(reading), reading };
}

function readFields(reading: Reading, scheme: Scheme): RawReason | undefined {
  const available = bitsOf(reading.hex);
  if (scheme.bits !== undefined && available < scheme.bits) return 'truncated';
  for (const field of scheme.fields) {
    const reason = field(reading);
    if (reading.at > available) return 'truncated';
    if (reason !== undefined) return reason;
  }
  return reading.dataFollows || isZeroFrom(reading.hex, reading.at) ? undefined : 'data-after-end';
}

/** Data behind the EPC belongs to the bank, so it stays; zero words behind everything do not. */
function canonical({ hex, at, dataFollows }: Reading): Epc {
  const end = dataFollows ? Math.max(at, bitsToLastNonZero(hex)) : at;
  const digits = (Math.ceil(end / WORD_BITS) * WORD_BITS) / 4;
  return hex.length === digits ? hex : hex.slice(0, digits).padEnd(digits, '0');
}

function describe({ scheme, hex, reading }: ReadBank): Gs1Epc {
  const { urn, class: epcClass, elements: elementsOf } = scheme.family;
  const pairs = elementsOf(reading.parts);
  const elements = new Map(pairs);
  const components = reading.parts.map(escapeForUrn).join('.');
  const withFilter = reading.filter === undefined ? components : `${reading.filter}.${components}`;
  return {
    kind: 'gs1',
    scheme: scheme.name,
    class: epcClass,
    hex,
    filter: reading.filter,
    companyPrefix: urn === undefined || pairs.length === 0 ? undefined : reading.parts[0],
    elements,
    gtin14: elements.get('01'),
    serial: elements.get('21'),
    sscc18: elements.get('00'),
    grai: elements.get('8003'),
    pureIdentityUri: urn && `urn:epc:id:${urn}:${components}`,
    tagUri: urn && `urn:epc:tag:${scheme.name.toLowerCase()}:${withFilter}`,
    digitalLinkPath: digitalLinkPathOf(elements),
  };
}

const valueOf = (pairs: readonly ElementPair[], ai: string): string | undefined =>
  pairs.find(([candidate]) => candidate === ai)?.[1];

function schemesByHeader(schemes: readonly Scheme[]): readonly (Scheme | undefined)[] {
  const byHeader: (Scheme | undefined)[] = Array.from({ length: 256 });
  for (const scheme of schemes) byHeader[scheme.header] = scheme;
  return byHeader;
}
