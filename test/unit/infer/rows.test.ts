// Rows are found by their tags whatever comes and goes, as a map would find them.
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { giveBack, openRows, rowFor, rowOf, tagsOf, type Rows } from '../../../src/infer/rows.ts';

const WIDTH = 3;

it('hold what was put into them, in as much room as most of them took', () => {
  const tag = fc.oneof(
    fc.nat({ max: 40 }),
    fc.integer({ min: 250, max: 260 }),
    fc.integer({ min: 70_000, max: 70_010 }),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ tag, isKept: fc.boolean(), value: fc.nat() })), (steps) => {
      let rows = openRows();
      const known = new Map<number, number>();
      let most = 0;
      for (const [index, step] of steps.entries()) {
        if (step.isKept) {
          const row = rowFor(rows, step.tag, WIDTH);
          rows.numbers[row + 1] = step.value;
          known.set(step.tag, step.value);
        } else {
          giveBack(rows, step.tag);
          known.delete(step.tag);
        }
        most = Math.max(most, known.size);
        if (index % 5 === 4) rows = deserialize(serialize(rows)) as Rows;
      }
      expect([...tagsOf(rows)]).toEqual([...known.keys()].toSorted((a, b) => a - b));
      for (const [one, value] of known) expect(rows.numbers[rowOf(rows, one)! + 1]).toBe(value);
      expect(rows.tags).toBe(known.size);
      expect(rows.numbers.length).toBeLessThanOrEqual(Math.max(16, Math.ceil(most * 1.25) + 1) * WIDTH);
    }),
  );
});

it('are told of some tags only', () => {
  const rows = openRows();
  for (const tag of [3, 511, 512, 1023, 1024]) rowFor(rows, tag, WIDTH);
  expect([...tagsOf(rows, 512, 1024)]).toEqual([512, 1023]);
});
