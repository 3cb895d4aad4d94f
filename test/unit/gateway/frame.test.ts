// Frames: whatever happens to the bytes of a file, what is whole is found and what is not is never taken for whole.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameOf, scanFrames } from '../../../gateway/frame.ts';
import { readPortion, type Stored } from '../../../gateway/segment.ts';
import type { DiskFile } from '../../../gateway/disk.ts';

const bodies = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 12 });
const framesOf = (all: readonly Uint8Array[]): Buffer[] => all.map((body, index) => frameOf(index + 1, body));

it('finds every frame of an undamaged file', () => {
  fc.assert(
    fc.property(bodies, (all) => {
      const bytes = Buffer.concat(framesOf(all));
      const { frames, end } = scanFrames(bytes);
      expect(frames.map(({ seq, body }) => [seq, [...body]])).toEqual(all.map((body, index) => [index + 1, [...body]]));
      expect(end).toBe(bytes.length);
    }),
  );
});

it('finds exactly the frames that are whole in a file cut anywhere', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), (all, cut) => {
      const frames = framesOf(all);
      const bytes = Buffer.concat(frames);
      const length = cut % (bytes.length + 1);
      let whole = 0;
      for (let end = 0; whole < frames.length && (end += frames[whole]!.length) <= length;) whole++;
      expect(scanFrames(bytes.subarray(0, length)).frames.map(({ seq }) => seq)).toEqual(
        all.slice(0, whole).map((_, index) => index + 1),
      );
    }),
  );
});

it('loses no frame but those that damage touches, read at once or in portions', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 60 }), async (all, where, damage) => {
      const frames = framesOf(all);
      const bytes = Buffer.concat(frames);
      const from = where % bytes.length;
      const to = Math.min(bytes.length, from + damage.length);
      bytes.set(damage.subarray(0, to - from), from);
      const intact: number[] = [];
      for (let index = 0, start = 0; index < frames.length; start += frames[index]!.length, index++) {
        const end = start + frames[index]!.length;
        if (bytes.subarray(start, end).equals(frames[index]!)) intact.push(index + 1);
      }
      expect(scanFrames(bytes).frames.map(({ seq }) => seq)).toEqual(intact);
      expect((await portions(bytes)).map(({ seq }) => seq)).toEqual(intact);
    }),
  );
});

async function portions(bytes: Buffer): Promise<Stored[]> {
  const file = {
    read: (position: number, length: number) => Promise.resolve(bytes.subarray(position, position + length)),
  };
  const found: Stored[] = [];
  for (let start = 0; start < bytes.length;) {
    const { envelopes, next } = await readPortion(file as DiskFile, { base: 1, path: '', bytes: bytes.length }, start);
    expect(next).toBeGreaterThan(start);
    found.push(...envelopes);
    start = next;
  }
  return found;
}
