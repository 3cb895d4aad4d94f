// A label and a tag on the same thing must be recognised as one thing, although the label does not say how long the
// company prefix is.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScan } from '../../../../src/wire/barcode/parseScan.ts';
import { withCheckDigit } from '../../../../src/wire/epc/checkDigit.ts';
import { decodeEpc } from '../../../../src/wire/epc/decodeEpc.ts';
import { identityOf } from '../../../../src/wire/epc/digitalLink.ts';
import { encodeSgtin96 } from '../../../../src/wire/epc/encodeEpc.ts';
import { splitGtin14 } from '../../../../src/wire/epc/urns.ts';

const AT = Date.UTC(2026, 10, 23);

const tagged = (hex: string): string | undefined => {
  const epc = decodeEpc(hex);
  return epc.kind === 'gs1' ? identityOf(epc) : undefined;
};
const scanned = (data: string): string | undefined => {
  const scan = parseScan(data, AT);
  return scan.kind === 'gs1' ? identityOf(scan) : undefined;
};

describe('a tag and a label on one thing', () => {
  it.each([
    ['an item', '3074257BF7194E4000001A85', '(01)80614141123458(21)6789'],
    [
      'an item with a serial of text',
      '3674257BF6B7A659B2C2BF100000000000000000000000000000',
      '(01)70614141123451(21)32a/b',
    ],
    [
      'an item with lot and expiry on its label',
      '3074257BF7194E4000001A85',
      '(01)80614141123458(10)L1(21)6789(17)270630',
    ],
    [
      'an item whose tag carries a date',
      'FC342CDE795211411234538566CB0AFC525065F1876F0D996D80',
      '(01)79521141123453(21)32a/b',
    ],
    ['a pallet', '3174257BF4499602D2000000', '(00)106141412345678908(02)09521234543213(37)48'],
    ['a tote', '3374257BF40C0E400000162E', '(8003)006141411234525678'],
    ['an asset', '3476451FD40000000000162E', '(8004)95211415678'],
    ['a place', '3274257BF46072000000162E', '(414)0614141123452(254)5678'],
    ['a piece of an item', '4076451FD40C0E40820000000F54', '(8006)095211411234540102(21)981'],
    ['a document', '3E76451FD7039B061438997367D0C18B266D1AB66EE0', '(253)9521141987650ABCDefgh012345678'],
    ['a component', '3C76451FD400C0E680003039', '(8010)952114198765(8011)12345'],
    ['a coupon', '3F76451FD612640000019907', '(255)952114167890904711'],
    ['a customer', '2D76451FD4499602D2000000', '(8018)952114112345678906'],
  ])('%s', (_thing, hex, label) => {
    expect(scanned(label)).toBeDefined();
    expect(tagged(hex)).toBe(scanned(label));
  });

  it('a place without an extension is the place itself', () => {
    expect(tagged('3274257BF460720000000000')).toBe('/414/0614141123452');
    expect(scanned('(414)0614141123452')).toBe('/414/0614141123452');
  });

  it('any item, whoever made it', () => {
    const gtin = fc.stringMatching(/^\d{13}$/).map(withCheckDigit);
    fc.assert(
      fc.property(gtin, fc.integer({ min: 6, max: 12 }), fc.nat(2 ** 31 - 1), (gtin14, prefixDigits, serial) => {
        const hex = encodeSgtin96({ ...splitGtin14(gtin14, prefixDigits), serial });
        expect(scanned(`]d201${gtin14}21${serial}`)).toBe(tagged(hex));
      }),
    );
  });
});

describe('an identity', () => {
  it.each(['(01)80614141123458', '(01)80614141123458(10)L1', '(8003)00614141123452', '(253)9521141987650', '(10)L1'])(
    'is not what %s has: it names a kind of thing',
    (label) => {
      expect(parseScan(label, AT).kind).toBe('gs1');
      expect(scanned(label)).toBeUndefined();
    },
  );

  it('escapes everything that means something in a URI', () => {
    expect(scanned(`(01)80614141123458(21)!"%&'*+,-./:;<=>?_`)).toBe(
      '/01/80614141123458/21/%21%22%25%26%27%2A%2B%2C-.%2F%3A%3B%3C%3D%3E%3F_',
    );
  });

  it('keeps the leading zeros of a serial', () => {
    expect(scanned('(01)80614141123458(21)06789')).not.toBe(tagged('3074257BF7194E4000001A85'));
  });
});
