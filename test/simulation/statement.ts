// A statement of the service, and what the simulated Postgres answers.
import type { Store } from './store.ts';

export interface Answer {
  readonly rows?: readonly object[];
  readonly rowCount?: number;
  /** What the commit does. */
  readonly apply?: () => void;
}

export interface Statement {
  /** Row that must be locked first, and stays so until the commit. */
  readonly lock?: string;
  readonly run: (store: Store, values: readonly unknown[]) => Answer;
}

export const NOTHING: Answer = { rows: [], rowCount: 0 };
/** The elements of an array as it is written. */
export const list = (literal: unknown): (string | undefined)[] =>
  String(literal)
    .slice(1, -1)
    .split(',')
    .map((value) => (value === 'null' ? undefined : value));
