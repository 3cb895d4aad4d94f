import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeContent, encodeContent, type Content } from '../../../src/wire/content.ts';
import { EntriesBuilder } from '../../../src/wire/entries.ts';

const hex = fc.stringMatching(/^[0-9A-F]{2,128}$/);
const name = fc.string({ minLength: 1, maxLength: 12 });
const time = fc.double({ min: 0, max: 4_102_444_800_000, noNaN: true });
const content = fc
  .record({
    reads: fc.array(
      fc.tuple(
        name,
        fc.nat(255),
        hex,
        fc.option(fc.double({ min: -140, max: 20, noNaN: true }), { nil: undefined }),
        time,
        fc.integer({ min: 1, max: 4_294_967_295 }),
      ),
      { maxLength: 60 },
    ),
    sentAt: fc.option(fc.nat(4_102_444_800_000), { nil: undefined }),
    scans: fc.array(fc.record({ device: name, data: fc.string({ unit: 'binary' }), at: time }), { maxLength: 3 }),
  })
  .map(({ reads, sentAt, scans }): Content => {
    const builder = new EntriesBuilder();
    for (const read of reads) builder.read(...read);
    for (const scan of scans) builder.scan(scan);
    return { entries: builder.build(), sentAt };
  });

describe('journal content', () => {
  it('gives back exactly what was put in, so that a replay sees what the live service saw', () => {
    fc.assert(
      fc.property(content, (given) => {
        expect(decodeContent(encodeContent(given))).toEqual(given);
      }),
    );
  });

  it('takes about 16 bytes for a read of a 96-bit tag', () => {
    const builder = new EntriesBuilder();
    for (let index = 0; index < 50; index++) {
      builder.read(
        'door-1',
        (index % 4) + 1,
        `3034257BF7194E4000001A${(index + 16).toString(16)}`,
        -57.5,
        1_793_607_247_512 + index * 12,
      );
    }
    const bytes = encodeContent({ entries: builder.build(), sentAt: 1_793_607_248_200 });
    expect(bytes.length / 50).toBeLessThan(18);
  });

  it('refuses bytes that it did not write', () => {
    const bytes = encodeContent({
      entries: new EntriesBuilder().read('r', 1, '3034', -60, 1000).build(),
      sentAt: 1000,
    });
    expect(() => decodeContent(bytes.subarray(0, bytes.length - 1))).toThrow(/ends early/);
    expect(() => decodeContent(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(/left over/);
    expect(() => decodeContent(Buffer.from([9, ...bytes.subarray(1)]))).toThrow(/version 9/);
  });
});
