// Tests never sleep: they wait until something is so, and fail with what they waited for when it takes too long.
import { messageOf } from '../../src/kit/faults.ts';

const EVERY_MS = 15;

/** Resolves with the first truthy thing that `look` gives; what it throws meanwhile is told when time is up. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  withinMs = 15_000,
): Promise<Exclude<T, false | undefined | null | 0 | ''>> {
  const end = performance.now() + withinMs;
  let last = 'it was not so';
  for (;;) {
    try {
      const found = await look();
      if (found) return found as Exclude<T, false | undefined | null | 0 | ''>;
    } catch (error) {
      last = messageOf(error);
    }
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms until ${what}; in the end: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** Holds for as long as said: for what must not happen. */
export async function stays(what: string, holds: () => boolean | Promise<boolean>, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    if (!(await holds())) throw new Error(`it did not stay so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** What the promise resolves with; an error naming `what` when it takes longer. */
export async function inTime<T>(what: string, promise: Promise<T>, withinMs = 15_000): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not happen within ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** For what is measured over a time, or must last so long: not to wait for something. */
export const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
