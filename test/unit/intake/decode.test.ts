// Deliveries that do not identify themselves get numbers: no two the same, whoever gives them.
import { expect, it } from 'vitest';
import { openDeliveryNumbers } from '../../../src/intake/decode.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

it('Numbers of deliveries grow, also while the clock stands or goes back', () => {
  let now = NOON;
  const next = openDeliveryNumbers(() => now);
  const numbers = [next(), next()];
  now -= 5000;
  numbers.push(next());
  now += 6000;
  numbers.push(next());
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => Number(a - b)));
  expect(numbers.at(-1)! < 2n ** 63n).toBe(true);
});

it('Processes whose clocks say the same give other numbers', () => {
  const [one, other] = [openDeliveryNumbers(() => NOON), openDeliveryNumbers(() => NOON)];
  expect(new Set([one(), other(), one(), other()]).size).toBe(4);
});
