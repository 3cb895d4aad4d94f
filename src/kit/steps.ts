// Long work in steps, so that whoever runs it may let others have their turn in between. What comes of it does not depend on
// how it is run: a step ends where nothing but the work itself can change what it works on.

/** Work that pauses now and then; its result at the end. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All of it at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Pauses after every `size` of a list of small pieces of work: a pause costs less than a microsecond, and a piece little more. */
export function* inSteps<T>(pieces: Iterable<T>, size: number, work: (piece: T) => void): Steps<void> {
  let done = 0;
  for (const piece of pieces) {
    work(piece);
    if (++done % size === 0) yield;
  }
}
