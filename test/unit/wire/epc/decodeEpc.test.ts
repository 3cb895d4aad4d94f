import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { decodeEpc, identify, isEpcHex } from '../../../../src/wire/epc/decodeEpc.ts';
import type { Gs1Epc, RawEpc } from '../../../../src/wire/epc/decodeEpc.ts';

const ITEM = '3074257BF7194E4000001A85';

const gs1 = (hex: string): Gs1Epc => {
  const epc = decodeEpc(hex);
  if (epc.kind !== 'gs1') throw new Error(`${hex} is raw: ${epc.reason}`);
  return epc;
};
const raw = (hex: string): RawEpc => {
  const epc = decodeEpc(hex);
  if (epc.kind !== 'raw') throw new Error(`${hex} is ${epc.scheme}`);
  return epc;
};

describe('a tag on an item', () => {
  it('says its GTIN, its serial and whose it is', () => {
    expect(gs1(ITEM)).toEqual({
      kind: 'gs1',
      scheme: 'SGTIN-96',
      class: 'item',
      hex: ITEM,
      filter: 3,
      companyPrefix: '0614141',
      elements: new Map([
        ['01', '80614141123458'],
        ['21', '6789'],
      ]),
      gtin14: '80614141123458',
      serial: '6789',
      sscc18: undefined,
      grai: undefined,
      pureIdentityUri: 'urn:epc:id:sgtin:0614141.812345.6789',
      tagUri: 'urn:epc:tag:sgtin-96:3.0614141.812345.6789',
      digitalLinkPath: '/01/80614141123458/21/6789',
    });
  });

  it('is the same tag in lower case and with zero words behind it', () => {
    for (const read of [ITEM.toLowerCase(), `${ITEM}0000`, `${ITEM}00000000`, `${ITEM}0`]) {
      expect(decodeEpc(read)).toEqual(decodeEpc(ITEM));
      expect(identify(read)).toEqual(identify(ITEM));
    }
  });

  it('with something else behind it is not that item', () => {
    expect(raw(`${ITEM}0001`)).toEqual({
      kind: 'raw',
      hex: `${ITEM}0001`,
      reason: 'data-after-end',
      scheme: 'SGTIN-96',
    });
  });

  it('may have a serial of text, whose URIs escape what URIs reserve', () => {
    const epc = gs1('3674257BF6B7A659B2C2BF100000000000000000000000000000');
    expect(epc).toMatchObject({ gtin14: '70614141123451', serial: '32a/b' });
    expect(epc.digitalLinkPath).toBe('/01/70614141123451/21/32a%2Fb');
  });

  it('has whole words in its hex, however many bits its scheme has', () => {
    const words = '3674257BF6B7A659B2C2BF100000000000000000000000000000';
    expect(gs1(words.slice(0, 50)).hex).toBe(words); // 198 bits are 50 digits and a bit more than 12 words
    expect(gs1('3B0E0CF5E76C9047759AD00373DC7602E7200').hex).toBe('3B0E0CF5E76C9047759AD00373DC7602E7200000');
  });
});

describe('a tag of TDS 2', () => {
  const SSCC_PLUS = 'F90095201234567891235';

  it('names the same thing as its elder, without a URN', () => {
    expect(gs1(SSCC_PLUS)).toMatchObject({
      class: 'container',
      hex: 'F90095201234567891235000',
      sscc18: '095201234567891235',
      companyPrefix: undefined,
      pureIdentityUri: undefined,
      digitalLinkPath: gs1('311BA1B300CE0A6A83000000').digitalLinkPath,
    });
  });

  it('may announce more data, which stays with the tag', () => {
    const withData = `F98095201234567891235${'1712345'.padEnd(15, '0')}`;
    expect(gs1(withData)).toMatchObject({ sscc18: '095201234567891235', hex: 'F980952012345678912351712345' });
    expect(raw(`F90095201234567891235${'1712345'.padEnd(15, '0')}`).reason).toBe('data-after-end');
  });

  it('carries a check digit, and a wrong one makes it no EPC', () => {
    expect(raw('F90095201234567891234').reason).toBe('bad-check-digit');
  });

  it('can put its date where a reader can filter on it', () => {
    const epc = gs1('FC342CDE795211411234538566CB0AFC525065F1876F0D996D80');
    expect(epc.elements.get('17')).toBe('220630');
    expect(epc.digitalLinkPath).toBe('/01/79521141123453/21/32a%2Fb?17=220630');
  });
});

describe('a bank that holds no EPC is kept as it is', () => {
  it.each([
    ['a tag from the factory', '000000000000000000000001', 'unprogrammed', undefined],
    ['a factory number like a TID', 'E200470F6BA064212C0C010D', 'tid-class', undefined],
    ['a header that is not assigned', '80AABB', 'reserved-header', undefined],
    ['half a header', '3', 'truncated', undefined],
    ['a header without anything', '30', 'truncated', 'SGTIN-96'],
    ['a text that never ends', '3B0E0CF5E76C90', 'truncated', 'ADI-var'],
    ['a company prefix of more digits than it has', '3003FFFFFFFFFC0000000001', 'out-of-range', 'SGTIN-96'],
    ['an item reference of more digits than it has', '300000000000028000000001', 'out-of-range', 'SGTIN-96'],
    ['an SSCC with something in its reserved bits', '3174257BF4499602D2000001', 'reserved-bits', 'SSCC-96'],
    ['a serial of no characters', '3674257BF6B78000000000000000000000000000000000000000', 'bad-text', 'SGTIN-198'],
    ['a serial with a gap', '3674257BF6B7A600B2C2BF100000000000000000000000000000', 'bad-text', 'SGTIN-198'],
    ['a coupon serial without its leading 1', '3F74F4E4E612640000000007', 'out-of-range', 'SGCN-96'],
    ['a CAGE code with the letter O', '2F320434F47455900000162E', 'bad-text', 'USDOD-96'],
  ])('%s', (_name, hex, reason, scheme) => {
    expect(raw(hex)).toEqual({ kind: 'raw', hex, reason, scheme });
    expect(identify(hex)).toEqual({ epc: hex, class: 'other', gtin14: undefined, sscc18: undefined, grai: undefined });
  });
});

describe('what the ledger asks of a new tag', () => {
  it('an item has a GTIN, a container an SSCC or a GRAI, everything else neither', () => {
    expect(identify(ITEM)).toMatchObject({ class: 'item', gtin14: '80614141123458' });
    expect(identify('3174257BF4499602D2000000')).toMatchObject({ class: 'container', sscc18: '106141412345678908' });
    expect(identify('3374257BF40C0E400000162E')).toMatchObject({ class: 'container', grai: '006141411234525678' });
    expect(identify('3274257BF46072000000162E')).toMatchObject({ class: 'other', gtin14: undefined });
    expect(identify('not a tag')).toMatchObject({ class: 'other', epc: 'NOT A TAG' });
  });

  it('is the same as a full decoding says', () => {
    fc.assert(
      fc.property(likelyBank, (hex) => {
        const epc = decodeEpc(hex);
        const { gtin14, sscc18, grai } = epc.kind === 'gs1' && epc.class !== 'other' ? epc : NO_KEYS;
        expect(identify(hex)).toEqual({
          epc: epc.hex,
          class: epc.kind === 'gs1' ? epc.class : 'other',
          gtin14,
          sscc18,
          grai,
        });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('whatever a reader reports', () => {
  it('is decoded or kept', () => {
    fc.assert(
      fc.property(likelyBank, (hex) => {
        const epc = decodeEpc(hex);
        expect(hex.toUpperCase().padEnd(epc.hex.length, '0').startsWith(epc.hex)).toBe(true);
        expect(decodeEpc(epc.hex)).toEqual(epc);
      }),
      { numRuns: 5000 },
    );
  });

  it('is refused only when it is not hex', () => {
    const bad = expect.objectContaining({ kind: 'rejected', code: 'bad-epc' });
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' })).filter((candidate) => !isEpcHex(candidate));
    fc.assert(
      fc.property(text, (notHex) => {
        expect(() => decodeEpc(notHex)).toThrow(bad);
        expect(identify(notHex).class).toBe('other');
      }),
    );
  });

  it('of one EPC, more zero words never make another', () => {
    const epcs = likelyBank.filter((hex) => decodeEpc(hex).kind === 'gs1');
    fc.assert(
      fc.property(epcs, fc.nat(40), (hex, zeros) => {
        expect(decodeEpc(hex + '0'.repeat(zeros))).toEqual(decodeEpc(hex));
      }),
    );
  });
});

const NO_KEYS = { gtin14: undefined, sscc18: undefined, grai: undefined };

/** Banks of any header, most of them one that has a scheme, often with zeros behind, where decoders go wrong. */
const likelyBank = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0x2c, max: 0x41 }), fc.integer({ min: 0xe6, max: 0xfd }), fc.nat(255)),
    fc.stringMatching(/^[0-9A-Fa-f]{0,110}$/),
    fc.nat(64),
  )
  .map(([header, rest, zeros]) => header.toString(16).padStart(2, '0') + rest + '0'.repeat(zeros));
