// What was worked out is kept for who asks next, and no more of it than there is room for.
import { expect, it } from 'vitest';
import { lately } from '../../../src/infer/radio/lately.ts';

it('keeps what was asked for last, and makes anew what was asked for longer ago', () => {
  const known: { readonly of: number }[] = [];
  const made: number[] = [];
  const ask = (of: number) =>
    lately(
      known,
      3,
      (one) => one.of === of,
      () => {
        made.push(of);
        return { of };
      },
    );
  const first = ask(1);
  for (const of of [2, 3, 1, 1, 4]) expect(ask(of).of).toBe(of);
  expect(ask(1)).toBe(first);
  expect(ask(2)).toEqual({ of: 2 });
  expect(made).toEqual([1, 2, 3, 4, 2]);
  expect(known.map(({ of }) => of)).toEqual([4, 1, 2]);
});
