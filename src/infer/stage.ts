// The stage `infer`: cleaned rows to effects, by the machines of their site.
import { map, type Observable } from 'rxjs';
import type { Cleaned, CleanState } from '../clean/clean.ts';
import type { Effects } from './effects.ts';
import { inferRow, type InferState } from './infer.ts';

/** The machines of a site; `offset` is the last row that they have taken. */
interface Machine {
  readonly clean: CleanState;
  readonly infer: InferState;
  offset: number;
}

export const infer =
  (machineOf: (site: string) => Machine) =>
  (cleaned$: Observable<readonly Cleaned[]>): Observable<readonly Effects[]> =>
    cleaned$.pipe(
      map((rows) =>
        rows.map((cleaned) => {
          const machine = machineOf(cleaned.row.site);
          const effects = inferRow(machine.infer, machine.clean, cleaned);
          machine.offset = cleaned.row.offset;
          return effects;
        }),
      ),
    );
