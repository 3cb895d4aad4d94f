// Memory of a process over time, and whether it stays where it is.
import { mebibytes } from '../support/serviceProcess.ts';
import { passes } from '../support/wait.ts';
import { atMost, type Figure } from './figure.ts';

const LOOK_MS = 1000;

/** MiB that a process holds, once a second for so long. */
export async function memoryIn({ pid }: { readonly pid: number }, ms: number): Promise<readonly number[]> {
  const looks: number[] = [];
  for (const from = performance.now(); performance.now() - from < ms; await passes(LOOK_MS)) looks.push(mebibytes(pid));
  return looks;
}

/** The least of the middle third, and of the last: what is above it is garbage that waits to be collected. */
export function thirds<T>(looks: readonly T[], of: (look: T) => number): readonly [middle: number, last: number] {
  const third = Math.floor(looks.length / 3);
  const least = (some: readonly T[]): number => Math.min(...some.map((look) => of(look)));
  return [least(looks.slice(third, 2 * third)), least(looks.slice(2 * third))];
}

/** `looks` in MiB. */
export function growth(looks: readonly number[], mostMib: number): Figure {
  const [middle, last] = thirds(looks, (look) => look);
  return atMost(`memory, ${Math.round(middle)} MiB in the middle third, grows by`, mostMib, last - middle, ' MiB');
}
