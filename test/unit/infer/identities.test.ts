// What a tag is called leads back to it, however many others there are.
import { describe, expect, it } from 'vitest';
import { epcCalled, learnIdentity, openIdentities } from '../../../src/infer/identities.ts';
import { decodeEpc, type Gs1Epc } from '../../../src/wire/epc/decodeEpc.ts';
import { identityOf } from '../../../src/wire/epc/digitalLink.ts';
import { itemEpc, palletEpc, strangeEpc } from '../../support/storiesSite.ts';

const called = (epc: string): string => identityOf(decodeEpc(epc) as Gs1Epc)!;

describe('what tags are called', () => {
  it('leads to each of thousands', () => {
    const identities = openIdentities();
    const epcs = Array.from({ length: 3000 }, (_, index) =>
      index % 3 === 0 ? palletEpc(index) : itemEpc(index % 7, index),
    );
    for (const epc of epcs) learnIdentity(identities, epc);
    for (const epc of epcs) learnIdentity(identities, epc);
    for (const epc of epcs) expect(epcCalled(identities, called(epc))).toBe(epc);
    expect(identities.epcs).toHaveLength(epcs.length);
    expect(epcCalled(identities, called(itemEpc(1, 900_000)))).toBeUndefined();
  });

  it('is the lower EPC of two that are called the same, whichever comes first', () => {
    const [low, high] = [itemEpc(1, 1, 1), itemEpc(1, 1, 3)];
    for (const order of [
      [low, high],
      [high, low],
    ]) {
      const identities = openIdentities();
      for (const epc of order) learnIdentity(identities, epc);
      expect(epcCalled(identities, called(high))).toBe(low);
    }
  });

  it('leaves out what no barcode can name', () => {
    const identities = openIdentities();
    learnIdentity(identities, strangeEpc(1));
    expect(identities.epcs).toEqual([]);
  });
});
