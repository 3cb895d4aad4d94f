import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEpc } from '../../../../src/wire/epc/decodeEpc.ts';
import { encodeGrai96, encodeSgtin96, encodeSscc96 } from '../../../../src/wire/epc/encodeEpc.ts';
import { sgtinUrn, splitGtin14 } from '../../../../src/wire/epc/urns.ts';

const digits = (count: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(9), { minLength: count, maxLength: count }).map((all) => all.join(''));
/** A company prefix and the reference behind it, as many digits together as the key has. */
const split = (total: number): fc.Arbitrary<readonly [string, string]> =>
  fc.tuple(fc.integer({ min: 6, max: 12 }), digits(total)).map(([at, all]) => [all.slice(0, at), all.slice(at)]);
const filters = fc.nat(7);
const serials = fc.oneof(
  fc.nat(2 ** 31 - 1),
  fc.maxSafeNat().map((value) => value % 2 ** 38),
  fc.constant(2 ** 38 - 1),
);

describe('what we print', () => {
  it('is what the standard prints for the same parts', () => {
    expect(encodeSgtin96({ companyPrefix: '0614141', itemReference: '812345', serial: 6789, filter: 3 })).toBe(
      '3074257BF7194E4000001A85',
    );
    expect(encodeSscc96({ companyPrefix: '0614141', serialReference: '1234567890', filter: 3 })).toBe(
      '3174257BF4499602D2000000',
    );
    expect(encodeGrai96({ companyPrefix: '0614141', assetType: '12345', serial: 5678, filter: 3 })).toBe(
      '3374257BF40C0E400000162E',
    );
  });

  it('an item tag decodes to its parts', () => {
    fc.assert(
      fc.property(split(13), serials, filters, ([companyPrefix, itemReference], serial, filter) => {
        const hex = encodeSgtin96({ companyPrefix, itemReference, serial, filter });
        expect(decodeEpc(hex)).toMatchObject({
          hex,
          filter,
          pureIdentityUri: `urn:epc:id:sgtin:${companyPrefix}.${itemReference}.${serial}`,
        });
      }),
    );
  });

  it('a pallet tag decodes to its parts', () => {
    fc.assert(
      fc.property(split(17), filters, ([companyPrefix, serialReference], filter) => {
        const hex = encodeSscc96({ companyPrefix, serialReference, filter });
        expect(decodeEpc(hex)).toMatchObject({
          hex,
          filter,
          pureIdentityUri: `urn:epc:id:sscc:${companyPrefix}.${serialReference}`,
        });
      }),
    );
  });

  it('a tote tag decodes to its parts', () => {
    fc.assert(
      fc.property(split(12), serials, filters, ([companyPrefix, assetType], serial, filter) => {
        const hex = encodeGrai96({ companyPrefix, assetType, serial, filter });
        expect(decodeEpc(hex)).toMatchObject({
          hex,
          filter,
          pureIdentityUri: `urn:epc:id:grai:${companyPrefix}.${assetType}.${serial}`,
        });
      }),
    );
  });

  it.each([
    ['a prefix of five digits', { companyPrefix: '12345', itemReference: '12345678', serial: 1 }],
    ['a prefix of thirteen digits', { companyPrefix: '1234567890123', itemReference: '', serial: 1 }],
    ['a digit too few', { companyPrefix: '0614141', itemReference: '12345', serial: 1 }],
    ['a letter', { companyPrefix: '0614141', itemReference: '1234S6', serial: 1 }],
    ['a serial of 39 bits', { companyPrefix: '0614141', itemReference: '812345', serial: 2 ** 38 }],
    ['a serial below zero', { companyPrefix: '0614141', itemReference: '812345', serial: -1 }],
    ['half a serial', { companyPrefix: '0614141', itemReference: '812345', serial: 0.5 }],
    ['a filter that does not exist', { companyPrefix: '0614141', itemReference: '812345', serial: 1, filter: 8 }],
  ])('cannot be made of %s', (_name, parts) => {
    expect(() => encodeSgtin96(parts)).toThrow(expect.objectContaining({ kind: 'rejected', code: 'bad-epc' }));
  });
});

describe('a GTIN whose owner knows the length of the prefix', () => {
  it('splits into what a tag needs, and back', () => {
    expect(splitGtin14('80614141123458', 7)).toEqual({ companyPrefix: '0614141', itemReference: '812345' });
    fc.assert(
      fc.property(split(13), serials, ([companyPrefix, itemReference], serial) => {
        const epc = decodeEpc(encodeSgtin96({ companyPrefix, itemReference, serial }));
        if (epc.kind === 'raw') throw new Error(epc.reason);
        expect(splitGtin14(epc.gtin14!, companyPrefix.length)).toEqual({ companyPrefix, itemReference });
        expect(sgtinUrn(epc.gtin14!, epc.serial!, companyPrefix.length)).toBe(epc.pureIdentityUri);
      }),
    );
  });

  it('is refused when it is not one, or nobody has such a prefix', () => {
    const bad = expect.objectContaining({ kind: 'rejected', code: 'bad-gtin' });
    expect(() => splitGtin14('614141123458', 7)).toThrow(bad);
    expect(() => splitGtin14('80614141123458', 5)).toThrow(bad);
    expect(() => splitGtin14('80614141123458', 13)).toThrow(bad);
  });
});
