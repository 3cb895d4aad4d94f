// A row is derived in steps, and between two of them its machine is neither before nor after it. Who keeps machines takes them whole.

/** Whoever must see a machine between two rows, and never in the middle of one, looks at it by this. */
export interface Cuts {
  /** Does it at once, or as soon as the row in hand is done. */
  readonly take: <T>(look: () => T) => Promise<T>;
  /** To be told by the stage: a row is in hand, or none is. */
  readonly inRow: (isInRow: boolean) => void;
}

export function openCuts(): Cuts {
  let isInRow = false;
  let waiting: (() => void)[] = [];
  return {
    take: (look) =>
      new Promise((resolve, reject) => {
        const taken = (): void => {
          try {
            resolve(look());
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        if (isInRow) waiting.push(taken);
        else taken();
      }),
    inRow(is) {
      isInRow = is;
      if (isInRow || waiting.length === 0) return;
      const due = waiting;
      waiting = [];
      for (const taken of due) taken();
    },
  };
}
